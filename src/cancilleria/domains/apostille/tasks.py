"""What the worker does for a certificate: compose, sign, stamp. Only the worker signs (DECISIONS 24)."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Apostille, BulkSigning, Legalisation
from cancilleria.kernel.documents.models import SIGNED, STAMPED
from cancilleria.kernel.documents.queries import content, latest
from cancilleria.kernel.organs.authority import SYSTEM, Actor, actor_of_key
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.register import receipt as receipts
from cancilleria.kernel.register.doors import tasks as register_tasks
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import receipt_for, witness_names
from cancilleria.services.seals import certificates, layouts
from cancilleria.services.seals.codes import data_matrix
from cancilleria.services.seals.keys import sealing_key
from cancilleria.services.seals.qr import qr_svg
from cancilleria.services.signing.archive import last_expiry
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.evidence import pack
from cancilleria.services.signing.office import archive_of, roots_of, seal_of, stamp_certificates, stamps_of
from cancilleria.services.signing.pack.check import ACT, ORIGINAL, RECEIPT
from cancilleria.services.signing.pades import SignedDocument
from cancilleria.services.signing.revocation import Revocations

FOLDER = Path(__file__).parent / "templates" / "apostille"
FRAME = "frame.typ"
TEMPLATES = {"apostille": FOLDER / "certificate.typ", "legalisation": FOLDER / "legalisation.typ"}
WITNESS_PATIENCE = timedelta(seconds=10)
RENEW_BEFORE = timedelta(days=120)


class NotYet(RuntimeError):
    """The log has no receipt for the entry yet: the task is tried again in a moment."""


def sign(apostille: str = "", legalisation: str = "") -> None:
    """Compose the certificate with its original and its proof, sign it, keep it. Raises NotYet before the proof exists.

    Ends without a file when what it certifies was erased in between.
    """
    found = _certificate(apostille, legalisation)
    if found.document_id is not None or queries.is_withheld(found):
        return
    receipt = _receipt(found.entry)
    template = TEMPLATES[queries.purpose_of(found.entry)]
    document = compose(template.read_bytes(), files_for(found, receipt))
    seal = seal_of(settings.HOME / "claves", found.entry.public["at"], settings.SIGNER, settings.SIGNER_PIN)
    title = actions.TITLES[queries.purpose_of(found.entry)]
    signed = seal.sign(document, reason=f"{title} {queries.number_of(found.entry)}")
    actions.keep_signed(actor=SYSTEM, certificate=found, data=signed.data)


def stamp(apostille: str = "", legalisation: str = "") -> None:
    """Append a document time stamp to the signed file and keep it as a further version."""
    found = _certificate(apostille, legalisation)
    if queries.is_withheld(found):
        return
    version = latest(found.document, kind=SIGNED) if found.document else None
    if version is None:
        raise NotYet(apostille or legalisation)
    stamped = stamps_of(settings.HOME / "claves").append(SignedDocument(content(version)))
    actions.keep_stamped(actor=SYSTEM, certificate=found, data=stamped.data)


def renew(apostille: str = "", legalisation: str = "") -> None:
    """Add validation data and an archive time stamp, if the last stamp ends soon. Raises CannotRenew, StampFailed."""
    found = _certificate(apostille, legalisation)
    version = queries.downloadable(found)
    if version is None or version.kind != STAMPED:
        return
    folder, data = settings.HOME / "claves", content(version)
    expiry = last_expiry(data, roots_of(folder))
    if expiry is None or expiry > timezone.now() + RENEW_BEFORE:
        return
    lists = Revocations(settings.HOME / "pki").files()
    renewed = archive_of(folder, lists).renew(SignedDocument(data))
    actions.keep_renewed(actor=SYSTEM, certificate=found, data=renewed.data, former=version)


def ask_renewals() -> int:
    """Queue a renewal for every stamped certificate, if one of our stamp authorities ends soon. Returns how many."""
    ends = [found.not_valid_after_utc for found in stamp_certificates(settings.HOME / "claves")]
    if not ends or min(ends) > timezone.now() + RENEW_BEFORE:
        return 0
    asked = 0
    for kind, model in (("apostille", Apostille), ("legalisation", Legalisation)):
        stamped = model.objects.filter(document__versions__kind=STAMPED).values_list("pk", flat=True).distinct()
        for pk in stamped.iterator():
            register_tasks().defer(actions.RENEW_TASK, **{kind: str(pk)})
            asked += 1
    return asked


def files_for(found: Apostille | Legalisation, receipt: bytes) -> dict[str, bytes]:
    """What the certificate's template reads and attaches."""
    entry, number = found.entry, queries.number_of(found.entry)
    code = queries.verification_code(entry.pk, queries.purpose_of(entry))
    original, on = latest(found.original), queries.issued_on(entry)
    if original is None:
        raise FileNotFoundError(f"certificate {found.pk} has lost its original")
    seal = data_matrix(_seal(entry, on))
    data = {
        "fields": {**queries.fields_of(entry), "on": _dates(on)},
        "country": dict(ministry().country_name),
        "authority": dict(ministry().authority),
        "languages": list(ministry().certificate_languages),
        "number": number,
        "code": code,
        "address": settings.ADDRESS,
        "index": receipts.parse(receipt).index,
        "digest": original.blob_id,
        "demonstration": settings.DEMONSTRATION,
        "date": [on.year, on.month, on.day],
        "joined": found.case.procedure in actions.ON_PAPER,
        "direction": entry.public.get("direction", ""),
        "seal_side": seal.side,
    }
    return {
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        FRAME: (FOLDER / FRAME).read_bytes(),
        "qr.svg": qr_svg(f"{settings.ADDRESS}/v/{number}/{code}/"),
        "seal.svg": seal.svg,
        ORIGINAL: content(original),
        ACT: pack(entry=str(entry.pk), leaf=bytes(entry.leaf), public=bytes(entry.public_part),
                  public_salt=bytes(entry.public_salt)),
        RECEIPT: receipt,
    }  # fmt: skip


def _seal(entry: Entry, on: date) -> bytes:
    """The visible digital seal with the ten fields: what the paper shows, provable with no network."""
    kind = layouts.LEGALISATION if queries.is_legalisation(entry) else layouts.APOSTILLE
    key = sealing_key(settings.HOME / "claves", ministry().country)
    data = certificates.features(queries.fields_of(entry), on)
    return key.seal(kind, data, issued_on=on, at=timezone.now().date())


def _certificate(apostille: str, legalisation: str) -> Apostille | Legalisation:
    joined = ("entry", "case", "original", "document")
    if legalisation:
        return Legalisation.objects.select_related(*joined).get(pk=uuid.UUID(legalisation))
    return Apostille.objects.select_related(*joined).get(pk=uuid.UUID(apostille))


def bulk(order: str) -> None:
    """Sign what an officer ordered, one case after another. Their authority is asked again for each; a crash loses no turn."""
    found = BulkSigning.objects.get(pk=uuid.UUID(order))
    for item in found.items.filter(done=False):
        actions.sign_item(actor=actor_of_key(found.officer) or Actor(found.officer), item=item)
    actions.finish_signing(actor=SYSTEM, order=found)


def _receipt(entry: Entry) -> bytes:
    """With a witness's word if it comes within a few seconds; a silent witness does not stop the service."""
    receipt = receipt_for(entry.pk)
    if receipt is None:
        raise NotYet(str(entry.pk))
    waited = timezone.now() - entry.recorded_at > WITNESS_PATIENCE
    if not waited and not witness_names(receipts.parse(receipt).checkpoint):
        raise NotYet(str(entry.pk))
    return receipt


def _dates(on: date) -> dict[str, str]:
    """The date in Spanish and English, written out, and in French from its table of months."""
    found = {"fr": f"{on.day} {FRENCH_MONTHS[on.month - 1]} {on.year}"}
    for language, pattern in (("es", r"j \d\e F \d\e Y"), ("en", "j F Y")):
        with translation.override(language):
            found[language] = date_format(on, pattern)
    return found


FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip

TASKS = {
    actions.SIGN_TASK: sign, actions.STAMP_TASK: stamp, actions.RENEW_TASK: renew, actions.BULK_TASK: bulk,
}  # fmt: skip

"""What the worker does for an apostille: compose, sign, stamp. Only the worker signs (DECISIONS 24)."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Apostille
from cancilleria.kernel.documents.models import SIGNED
from cancilleria.kernel.documents.queries import content, latest
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.register import receipt as receipts
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import receipt_for, witness_names
from cancilleria.services.seals.qr import qr_svg
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.evidence import ACT, ORIGINAL, RECEIPT, pack
from cancilleria.services.signing.office import seal_of, stamps_of
from cancilleria.services.signing.pades import SignedDocument

TEMPLATE = Path(__file__).parent / "templates" / "apostille" / "certificate.typ"
WITNESS_PATIENCE = timedelta(seconds=10)


class NotYet(RuntimeError):
    """The log has no receipt for the entry yet: the task is tried again in a moment."""


def sign(apostille: str) -> None:
    """Compose the certificate with its original and its proof, sign it, keep it. Raises NotYet before the proof exists."""
    found = Apostille.objects.select_related("entry", "case", "original").get(pk=uuid.UUID(apostille))
    if found.document_id is not None:
        return
    receipt = _receipt(found.entry)
    document = compose(TEMPLATE.read_bytes(), files_for(found, receipt))
    seal = seal_of(settings.HOME / "claves", found.entry.public["at"])
    signed = seal.sign(document, reason=f"Apostilla {queries.number_of(found.entry)}")
    actions.keep_signed(actor=SYSTEM, apostille=found, data=signed.data)


def stamp(apostille: str) -> None:
    """Append a document time stamp to the signed file and keep it as a further version."""
    found = Apostille.objects.select_related("entry", "case", "document").get(pk=uuid.UUID(apostille))
    version = latest(found.document, kind=SIGNED) if found.document else None
    if version is None:
        raise NotYet(apostille)
    stamped = stamps_of(settings.HOME / "claves").append(SignedDocument(content(version)))
    actions.keep_stamped(actor=SYSTEM, apostille=found, data=stamped.data)


def files_for(found: Apostille, receipt: bytes) -> dict[str, bytes]:
    """What the certificate's template reads and attaches."""
    entry, number = found.entry, queries.number_of(found.entry)
    code = queries.verification_code(entry.pk)
    original = latest(found.original)
    if original is None:
        raise FileNotFoundError(f"apostille {found.pk} has lost its original")
    proof = receipts.parse(receipt)
    data = {
        "fields": {**queries.fields_of(entry), "on": _dates(queries.issued_on(entry))},
        "country": dict(ministry().country_name),
        "authority": dict(ministry().authority),
        "number": number,
        "code": code,
        "address": settings.ADDRESS,
        "index": proof.index,
        "digest": original.blob_id,
        "demonstration": settings.DEMONSTRATION,
        "date": [queries.issued_on(entry).year, queries.issued_on(entry).month, queries.issued_on(entry).day],
    }
    return {
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        "qr.svg": qr_svg(f"{settings.ADDRESS}/v/{number}/{code}/"),
        ORIGINAL: content(original),
        ACT: pack(entry=str(entry.pk), leaf=bytes(entry.leaf), public=bytes(entry.public_part),
                  public_salt=bytes(entry.public_salt)),
        RECEIPT: receipt,
    }  # fmt: skip


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

TASKS = {actions.SIGN_TASK: sign, actions.STAMP_TASK: stamp}

"""Verification by number, date and code: public, and telling nothing to who lacks one of them."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.domains.apostille.queries.certificates import (
    NOBODY,
    fields_of,
    issued_on,
    number_of,
    verification_code,
)
from cancilleria.domains.apostille.verbs import BOOK, LEGALISATIONS
from cancilleria.kernel.cases.queries import NUMBER
from cancilleria.kernel.documents.models import SIGNED, STAMPED, Version
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import MARK, SERIES, slip_name, slip_of
from cancilleria.kernel.register import queries as register
from cancilleria.kernel.register.codes import normalise
from cancilleria.kernel.register.models import Entry, Imported

IMPORTED_VERBS = ("apostille.issued", "legalisation.issued")


@dataclass(frozen=True)
class Verified:
    """What whoever holds number, date and code may see: the ten fields, the status, the slip of what was entered later."""

    certificate: Apostille | Legalisation
    number: str
    fields: Mapping[str, str]
    status: register.Status
    changed_by: str
    reason: str
    slip: str = ""

    @property
    def direction(self) -> str:
        """Empty for an apostille."""
        return self.certificate.direction if isinstance(self.certificate, Legalisation) else ""


def verify(number: str, code: str, *, on: date | None = None) -> Verified | None:
    """The certificate of a number, its code and (unless it came by the printed link) its date.

    The number may be in both books: the code tells which. "No such", "wrong code" and "wrong date" are the same
    answer, with the same work done.
    """
    given, matching = (normalise(code) or "").encode(), []
    for book, purpose in ((BOOK, "apostille"), (LEGALISATIONS, "legalisation")):
        entry = _entry(number, book)
        expected = verification_code(entry.pk if entry else NOBODY, purpose)
        if hmac.compare_digest(given, expected.encode()) and entry is not None:
            matching.append(entry)
    if not matching or (on is not None and on != issued_on(matching[0])):
        return None
    return _verified(matching[0])


def find_imported(number: str, on: date) -> list[Imported]:
    """Acts of an older system with this number and day. They carry no code: what they show is what their paper says."""
    found = Imported.objects.filter(number=number.strip(), performed_on=on, verb__in=IMPORTED_VERBS)
    return list(found.select_related("entry")[:5])


def verify_file(sha256: str) -> Verified | None:
    """The certificate whose signed file, in any of its versions, has exactly these bytes. Whoever asks holds the file."""
    version = Version.objects.filter(blob=sha256, kind__in=[SIGNED, STAMPED]).first()
    if version is None:
        return None
    for kind in (Apostille, Legalisation):
        found = kind.objects.select_related("entry").filter(document=version.document_id).first()
        if found is not None:
            return _verified(found.entry)
    return None


def find_legalisation(number: str) -> Legalisation | None:
    """The legalisation of a number, for an officer who has the paper in hand."""
    entry = _entry(number, LEGALISATIONS)
    return Legalisation.objects.select_related("entry", "case", "specimen").get(entry=entry) if entry else None


def _entry(number: str, book: str) -> Entry | None:
    parts = NUMBER.fullmatch(number.strip().upper().replace(" ", ""))
    if parts is None:
        return None
    code, series = parts[2], book
    if code.endswith(MARK) and not Organ.objects.filter(code=code).exists():
        code, series = code.removesuffix(MARK), f"{book}/{SERIES}"
    organ = Organ.objects.filter(code=code).values_list("key", flat=True).first()
    return Entry.objects.filter(organ=organ, book=series, year=int(parts[1]), number=int(parts[3])).first()


def _verified(entry: Entry) -> Verified:
    found = Legalisation.objects.filter(entry=entry).first() or Apostille.objects.get(entry=entry)
    status = register.status_of(entry)
    by, reason = "", ""
    if status.by is not None:
        corrected = status.state == register.CORRECTED
        by = number_of(status.by) if corrected else ""
        reason = str(status.by.public.get("reason", ""))
    slip = slip_of(entry)
    return Verified(found, number_of(entry), fields_of(entry), status, by, reason, slip_name(slip) if slip else "")

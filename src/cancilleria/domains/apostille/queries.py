"""Reads of apostilles. The look-up by number, date and code is public; everything else is of officers."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from cancilleria.domains.apostille.models import Apostille, Authority, Party
from cancilleria.domains.apostille.rules import Membership, Specimen
from cancilleria.domains.apostille.verbs import BOOK
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import NUMBER, visible_to
from cancilleria.kernel.documents.models import SIGNED, STAMPED, Version
from cancilleria.kernel.documents.rules import SignatureState, UnknownSigner, Valid
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register import queries as register
from cancilleria.kernel.register.codes import code_for, normalise
from cancilleria.kernel.register.doors import secrets
from cancilleria.kernel.register.models import Entry

FIELDS = ("country", "signed_by", "capacity", "seal_of", "at", "on", "by", "number", "seal", "signature")
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Verified:
    """What whoever holds number, date and code may see: at most the ten fields, and the status."""

    apostille: Apostille
    number: str
    fields: Mapping[str, str]
    status: register.Status
    changed_by: str
    reason: str


def membership(state: str) -> Membership | None:
    found = Party.objects.filter(pk=state).first()
    return Membership(found.state, found.in_force_on, found.with_us_on, found.objection) if found else None


def authority_for(state: SignatureState) -> Authority | None:
    """The registered authority whose certificate signed, if any."""
    if not isinstance(state, Valid | UnknownSigner):
        return None
    return Authority.objects.select_related("entity").filter(fingerprint=state.signer.fingerprint).first()


def specimen_for(state: SignatureState) -> Specimen | None:
    found = authority_for(state)
    return Specimen(found.key, found.fingerprint, found.valid_from, found.valid_to) if found else None


def apostilles_of(case: Case) -> list[Apostille]:
    """Every certificate of a case, oldest first."""
    return list(case.apostilles.select_related("entry", "authority", "document").order_by("entry__recorded_at"))


def apostille_for(apostille: uuid.UUID, *, viewer: Viewer) -> Apostille | None:
    """The apostille, or None when it does not exist or its case is not the viewer's to see."""
    cases = visible_to(viewer).values("pk")
    return Apostille.objects.filter(pk=apostille, case__in=cases).select_related("entry", "case__entry").first()


def number_of(entry: Entry) -> str:
    """Field 8: year, series and number, such as `2026-DGC-000123`."""
    return f"{entry.year}-{entry.public['series']}-{entry.number:06d}"


def fields_of(entry: Entry) -> dict[str, str]:
    """The ten fields in their order."""
    values = {**entry.public, "number": number_of(entry)}
    return {name: str(values[name]) for name in FIELDS}


def verification_code(entry: uuid.UUID) -> str:
    """The code printed on the certificate."""
    return code_for(secrets().code_secret(), purpose="apostille", version=1, subject=str(entry))


def downloadable(apostille: Apostille) -> Version | None:
    """The newest signed file."""
    if apostille.document is None:
        return None
    return apostille.document.versions.filter(kind__in=[SIGNED, STAMPED]).order_by("-number").first()


def verify(number: str, code: str, *, on: date | None = None) -> Verified | None:
    """The apostille of a number, its code and (unless it came by the printed link) its date.

    "No such", "wrong code" and "wrong date" are the same answer, with the same work done.
    """
    parts = NUMBER.fullmatch(number.strip().upper().replace(" ", ""))
    found = _find(parts[2], int(parts[1]), int(parts[3])) if parts else None
    expected = verification_code(found.entry_id if found else NOBODY)
    same = hmac.compare_digest((normalise(code) or "").encode(), expected.encode())
    if found is None or not same or (on is not None and on != issued_on(found.entry)):
        return None
    return _verified(found)


def issued_on(entry: Entry) -> date:
    """The civil date of the certificate, at the organ that issued it."""
    return entry.performed_at.astimezone(ZoneInfo(entry.zone)).date()


def _find(series: str, year: int, number: int) -> Apostille | None:
    organ = Organ.objects.filter(code=series).values_list("key", flat=True).first()
    return (
        Apostille.objects.filter(entry__organ=organ, entry__book=BOOK, entry__year=year, entry__number=number)
        .select_related("entry", "case")
        .first()
    )


def _verified(found: Apostille) -> Verified:
    status = register.status_of(found.entry)
    by, reason = "", ""
    if status.by is not None:
        corrected = status.state == register.CORRECTED
        by = number_of(status.by) if corrected else ""
        reason = str(status.by.public.get("reason", ""))
    return Verified(found, number_of(found.entry), fields_of(found.entry), status, by, reason)

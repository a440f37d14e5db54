"""Certificates of a case, and what their entries say."""

from __future__ import annotations

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import visible_to
from cancilleria.kernel.documents.models import SIGNED, STAMPED, Version
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.register.codes import code_for
from cancilleria.kernel.register.doors import secrets
from cancilleria.kernel.register.models import Entry, Withheld

FIELDS = ("country", "signed_by", "capacity", "seal_of", "at", "on", "by", "number", "seal", "signature")
NOBODY = uuid.UUID(int=0)
JOINED = ("entry", "specimen__entity", "document")


def apostilles_of(case: Case) -> list[Apostille]:
    """Every apostille of a case, oldest first."""
    return list(case.apostilles.select_related(*JOINED).order_by("entry__recorded_at"))


def certificates_of(case: Case) -> list[Apostille | Legalisation]:
    """Every certificate of a case, oldest first: its procedure issues apostilles or legalisations, never both."""
    return apostilles_of(case) or list(case.legalisations.select_related(*JOINED).order_by("entry__recorded_at"))


def apostille_for(apostille: uuid.UUID, *, viewer: Viewer) -> Apostille | None:
    """The apostille, or None when it does not exist or its case is not the viewer's to see."""
    cases = visible_to(viewer).values("pk")
    return Apostille.objects.filter(pk=apostille, case__in=cases).select_related("entry", "case__entry").first()


def certificate_for(certificate: uuid.UUID, *, viewer: Viewer) -> Apostille | Legalisation | None:
    """The certificate of either kind, or None when it is not the viewer's to see."""
    cases = visible_to(viewer).values("pk")
    found = Legalisation.objects.filter(pk=certificate, case__in=cases).select_related("entry", "case__entry").first()
    return found or apostille_for(certificate, viewer=viewer)


def is_legalisation(entry: Entry) -> bool:
    return entry.verb.startswith("legalisation.")


def number_of(entry: Entry) -> str:
    """Field 8: year, series and number, such as `2026-ABC-000123`."""
    return f"{entry.year}-{entry.public['series']}-{entry.number:06d}"


def fields_of(entry: Entry) -> dict[str, str]:
    """The ten fields in their order."""
    values = {**entry.public, "number": number_of(entry)}
    return {name: str(values[name]) for name in FIELDS}


def purpose_of(entry: Entry) -> str:
    """What its verification code is derived for: the same number of two books has two codes."""
    return "legalisation" if is_legalisation(entry) else "apostille"


def verification_code(entry: uuid.UUID, purpose: str = "apostille") -> str:
    """The code printed on the certificate."""
    return code_for(secrets().code_secret(), purpose=purpose, version=1, subject=str(entry))


def downloadable(certificate: Apostille | Legalisation) -> Version | None:
    """The newest signed file."""
    if certificate.document is None:
        return None
    return certificate.document.versions.filter(kind__in=[SIGNED, STAMPED]).order_by("-number").first()


def is_withheld(certificate: Apostille | Legalisation) -> bool:
    """Whether an act took the files of its case: then it is signed no more."""
    return Withheld.objects.filter(subject=f"case:{certificate.case_id}").exists()


def issued_on(entry: Entry) -> date:
    """The civil date of the certificate, at the organ that issued it."""
    return entry.performed_at.astimezone(ZoneInfo(entry.zone)).date()

"""The apostille's part of the interface: verification for everybody, the register of signatures for who keeps it."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.models import Specimen
from cancilleria.domains.apostille.views.portal import within_tries
from cancilleria.kernel.register.queries import receipt_for
from cancilleria.services.interop.paging import MOST, cursor_of, place_of
from cancilleria.services.interop.problems import Problem

public = Router(tags=["verification"])
office = Router(tags=["desk"])


class Asked(Schema):
    """What is printed on a certificate."""

    number: str = Field(max_length=40)
    issued_on: date
    code: str = Field(max_length=40)


class Certificate(Schema):
    """A certificate's status. `fields` are the ten of the model, for who holds number, date and code; else empty."""

    number: str
    kind: str
    issued_on: date
    status: str
    changed_by: str
    reason: str
    fields: dict[str, str]
    entry: uuid.UUID
    receipt: str | None


class SpecimenLine(Schema):
    """A signature of the register: whose, in what capacity, of which entity, and since when to when."""

    key: str
    name: str
    capacity: str
    entity: str
    valid_from: date
    valid_to: date | None
    fingerprint: str


class SpecimenPage(Schema):
    """Some rows, and the cursor of the next ones: null at the end."""

    items: list[SpecimenLine]
    next: str | None = None


@public.post("/verifications", response=Certificate, url_name="api_verify", summary=_("Verificar un certificado"))
def verify(request: HttpRequest, given: Asked) -> Certificate:
    """By number, date and code. One that is wrong and one that does not exist are the same answer."""
    if not within_tries(request, given.number):
        raise Problem("too-many", _("Hubo demasiados intentos. Espere diez minutos y vuelva a probar."))
    found = queries.verify(given.number, given.code, on=given.issued_on)
    if found is None:
        raise Problem("not-found", _("No hay un certificado con ese número, esa fecha y ese código."))
    return _certificate(found, fields=True)


@public.get(
    "/verifications/{sha256}",
    response=Certificate,
    url_name="api_verify_file",
    summary=_("Verificar un archivo por su huella"),
)
def verify_file(request: HttpRequest, sha256: str) -> Certificate:
    """By the SHA-256 of the signed file, in hexadecimal: whether it is exactly a file this ministry signed, and its status."""
    found = queries.verify_file(sha256.lower())
    if found is None:
        raise Problem("not-found", _("Ningún documento firmado tiene esa huella."))
    return _certificate(found, fields=False)


@office.get("/desk/specimens", response=SpecimenPage, url_name="api_specimens", summary=_("Registro de firmas"))
def specimens(
    request: HttpRequest, q: str = Query("", max_length=100), cursor: str = "", limit: int = Query(50, ge=1, le=MOST)
) -> SpecimenPage:
    """Registered signatures, by key; `q` has words of name, capacity or entity."""
    found = queries.search(q).order_by("pk")
    if cursor:
        found = found.filter(pk__gt=place_of(cursor, 1)[0])
    rows = list(found[: limit + 1])
    following = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return SpecimenPage(items=[_specimen(row) for row in rows[:limit]], next=following)


def _certificate(found: queries.Verified, *, fields: bool) -> Certificate:
    entry = found.certificate.entry
    receipt = receipt_for(entry.pk)
    return Certificate(
        number=found.number, kind=queries.purpose_of(entry), issued_on=queries.issued_on(entry), status=found.status.state,
        changed_by=found.changed_by, reason=found.reason, fields=dict(found.fields) if fields else {}, entry=entry.pk,
        receipt=receipt.decode() if receipt else None,
    )  # fmt: skip


def _specimen(row: Specimen) -> SpecimenLine:
    return SpecimenLine(
        key=row.key, name=row.name, capacity=row.capacity, entity=row.entity.name, valid_from=row.valid_from,
        valid_to=row.valid_to, fingerprint=row.fingerprint,
    )  # fmt: skip

"""The evidence pack of an issued certificate, for the officer who has its case."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cancilleria.domains.apostille import queries
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.services.accounts.audience import audience, officers


@require_safe
@audience(officers("desk.cases"))
def pack(request: HttpRequest, certificate: uuid.UUID) -> HttpResponse:
    """The zip, to be sent to whoever doubts. A foreign certificate is not found."""
    found = queries.certificate_for(certificate, viewer=request.actor)  # type: ignore[attr-defined]
    data = queries.evidence_pack(found) if found else None
    if found is None or data is None:
        raise Http404
    note_read(actor=request.actor, what="document", subject=f"case:{found.case_id}")  # type: ignore[attr-defined]
    return answer(data, queries.number_of(found.entry))


def answer(data: bytes, number: str) -> HttpResponse:
    """A pack as a file to be kept."""
    headers = {"Content-Disposition": f'attachment; filename="pruebas-{number}.zip"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type="application/zip", headers=headers)

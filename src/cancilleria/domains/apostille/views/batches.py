"""Batches at the desk: what came in, what was refused and why, and the report for the institution."""

from __future__ import annotations

import csv
import io
import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.kernel.cases.queries import format_number
from cancilleria.kernel.cases.rules import STATE_NAMES
from cancilleria.services.accounts.audience import audience, officers

PAGE = 50
# A spreadsheet would run what begins so.
FORMULA = ("=", "+", "-", "@", "\t")


@require_safe
@audience(officers("desk.cases"))
def index(request: HttpRequest) -> HttpResponse:
    """Every batch whose cases the officer may see."""
    found = queries.batches(viewer=request.actor)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "apostille/batch/index.html", {"page": page})


@require_safe
@audience(officers("desk.cases"))
def batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """One batch: counts, and each document with its case or its reason."""
    found = _found(request, batch)
    page = Paginator(queries.documents_of(found), PAGE).get_page(request.GET.get("pagina"))
    context = {
        "batch": found, "page": page, "rows": [(item, *_case_of(item)) for item in page],
        "may_issue": request.actor.may("apostille.issued", found.organ),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "apostille/batch/batch.html", context)


@require_safe
@audience(officers("desk.cases"))
def report(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """The same as a table: without the codes, which only the institution has."""
    found, out = _found(request, batch), io.StringIO()
    lines = csv.writer(out)
    lines.writerow([_("Archivo"), _("Expediente"), _("Estado"), _("Motivo")])
    for item in queries.documents_of(found):
        lines.writerow([_cell(text) for text in (item.name, *_case_of(item), item.reason)])
    headers = {"Content-Disposition": 'attachment; filename="lote.csv"', "Cache-Control": "no-store"}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _found(request: HttpRequest, batch: uuid.UUID) -> Batch:
    found = queries.batch_for(batch, viewer=request.actor)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _case_of(item: BatchItem) -> tuple[str, str]:
    """Number and state of its case, or that it was refused."""
    if item.case is None:
        return "", _("no admitido")
    entry = item.case.entry
    return format_number(entry.organ, entry.year, entry.number), str(STATE_NAMES[item.case.state])


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text

"""Figures to take away: the series of one, the report of a plan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.accounts.confirmation import confirmed
from cancilleria.site.figures.calendar import asked, this_month
from cancilleria.site.figures.files import MAKERS
from cancilleria.site.figures.report import as_pdf, as_workbook, report_of
from cancilleria.site.figures.series import sheet_of
from cancilleria.site.views.board import indicator_of


@require_safe
@audience(officers("desk.indicators"))
@confirmed
def download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The series as CSV, workbook or Parquet, with what it is and as of which entry of the log."""
    found, now = indicator_of(key), this_month()
    text, chosen = asked(request, now)
    if kind not in MAKERS:
        raise Http404
    media_type, make = MAKERS[kind]
    return attached(make(sheet_of(found, text, chosen, now)), media_type, f"{found.code}-{text}.{kind}")


@require_safe
@audience(officers("desk.indicators"))
@confirmed
def report(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The consolidated report of a plan over a period."""
    now = this_month()
    text, chosen = asked(request, now)
    found = report_of(key, text, chosen, now)
    if found is None or kind not in ("pdf", "xlsx"):
        raise Http404
    if kind == "pdf":
        return attached(as_pdf(found), "application/pdf", f"{found.code}-{text}.pdf")
    return attached(as_workbook(found), MAKERS["xlsx"][0], f"{found.code}-{text}.xlsx")


def attached(data: bytes, media_type: str, name: str) -> HttpResponse:
    plain = name.encode("ascii", "ignore").decode().replace(" ", "-").replace('"', "")
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{plain}"'}
    )

"""Published figures for everybody: only closed periods, with small counts hidden, to read and to take away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cancilleria.kernel.indicators.declaration import LESS, Indicator, UnknownIndicator, indicators
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import text_of
from cancilleria.kernel.indicators.published import opened, published, wholes
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.figures.calendar import this_month
from cancilleria.site.figures.files import MAKERS
from cancilleria.site.figures.open_data import correction_of, in_public, sheet_of, tables
from cancilleria.site.figures.words import SENSES, UNITS, last_day, with_unit
from cancilleria.site.views.board_files import attached


@require_safe
@audience(EVERYONE)
def index(request: HttpRequest) -> HttpResponse:
    """Every published figure, the newest period of each first."""
    rows = []
    known = {found.key: found for found in indicators}
    newest = newest_of(published())
    whole = wholes(newest)
    for closure in newest:
        if (found := known.get(closure.indicator)) is not None:
            shown = with_unit(found, in_public(found, whole[closure.pk]))
            rows.append((found, text_of(closure.start, closure.end), shown, closure))
    rows.sort(key=lambda row: (row[0].code, row[1]))
    return render(request, "site/figures/index.html", {"rows": rows})


@require_safe
@audience(EVERYONE)
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure over one published period: its tables, how it was counted, what was corrected."""
    found, closures = _of(key)
    newest = newest_of(closures)
    chosen = _chosen(request, newest)
    same = [c for c in closures if (c.start, c.end) == (chosen.start, chosen.end) and c.pk != chosen.pk]
    held = opened(chosen)
    context = {
        "indicator": found, "period": text_of(chosen.start, chosen.end), "closure": chosen, "last": last_day(chosen),
        "periods": [text_of(c.start, c.end) for c in newest], "unit": UNITS.get(found.unit, ""),
        "whole": with_unit(found, in_public(found, held.whole)), "sense": SENSES[found.sense == LESS],
        "tables": tables(found, held), "corrections": [correction_of(found, chosen, c) for c in same],
        "running": chosen.end > this_month() and chosen.published is not None, "rules": [text for text, _ in chosen.rules],
    }  # fmt: skip
    return render(request, "site/figures/figure.html", context)


@require_safe
@audience(EVERYONE)
def download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Exactly what the page shows."""
    found, closures = _of(key)
    chosen = _chosen(request, newest_of(closures))
    if kind not in MAKERS:
        raise Http404
    media_type, make = MAKERS[kind]
    text = text_of(chosen.start, chosen.end)
    return attached(make(sheet_of(found, opened(chosen))), media_type, f"{found.code}-{text}.{kind}")


def _of(key: str) -> tuple[Indicator, list[Closure]]:
    try:
        found = indicators.get(key)
    except UnknownIndicator:
        raise Http404 from None
    if not (closures := published(indicator=key)):
        raise Http404
    return found, closures


def newest_of(closures: list[Closure]) -> list[Closure]:
    """The last publication of each figure and period."""
    found: dict[tuple[str, object, object], Closure] = {}
    for closure in closures:
        found.setdefault((closure.indicator, closure.start, closure.end), closure)
    return list(found.values())


def _chosen(request: HttpRequest, newest: list[Closure]) -> Closure:
    text = request.GET.get("periodo")
    for closure in newest:
        if text is None or text_of(closure.start, closure.end) == text:
            return closure
    raise Http404

"""The board: figures of the plan, each opening to its series, its organs and the very acts behind it."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import LESS, MANUAL, Indicator, UnknownIndicator, indicators
from cancilleria.kernel.indicators.expectations import expected
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import Period, months_of
from cancilleria.kernel.indicators.queries import Place
from cancilleria.kernel.indicators.values import Values, silent, values_of
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.queries import name_of
from cancilleria.kernel.register.queries import sentence_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.ui.charts import bars
from cancilleria.site.figures.board import board_of
from cancilleria.site.figures.calendar import asked, ended, head_in_words, month_of, offered, this_month
from cancilleria.site.figures.network import map_of, rows_of
from cancilleria.site.figures.words import NOTHING, SENSES, UNITS, closed, in_words, split

PAGE = 50


@require_safe
@audience(officers("desk.indicators"))
def board(request: HttpRequest) -> HttpResponse:
    """The plan: a card for each indicator with this year, its target, the last twelve months."""
    now = this_month()
    context = {"board": board_of(now), "year": now.year, "head": head_in_words()}
    return render(request, "site/desk/board.html", context)


@require_safe
@audience(officers("desk.indicators"))
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator over a period: months, organs, map, what it can be split by, what was closed and how it differs today."""
    found, actor, now = indicator_of(key), request.actor, this_month()  # type: ignore[attr-defined]
    text, chosen = asked(request, now)
    organ = request.GET.get("organo", "")
    values = values_of([found], Scope(chosen.start, chosen.end))
    organs = expected(key)
    quiet = silent([found], values, {key: organs}, ended(chosen, now))[key]
    rows = rows_of(found, values, chosen, quiet, organs)
    dots, nowhere = map_of(found, rows)
    closures = Closure.objects.filter(indicator=key, organ=organ).select_related("entry", "published")
    context = {
        "indicator": found, "period": text, "periods": offered(now), "organ": organ,
        "organ_name": name_of(organ) if organ else "",
        "whole": _whole(found, values, chosen, organ, quiet), "unit": UNITS.get(found.unit, ""),
        "sense": SENSES[found.sense == LESS], "head": head_in_words(), "by_hand": found.source == MANUAL,
        **_months(found, values, chosen, organ, quiet, now), "rows": rows, "dots": dots, "nowhere": nowhere,
        "splits": [] if organ else [split(found, chosen, name) for name in found.dimensions],
        "closures": [closed(c, found) for c in closures.order_by("-pk")],
        "may_close": found.source != MANUAL and actor.may("period.closed", organ or ministry().headquarters),
        "may_publish": not organ and actor.may("period.published", ministry().headquarters),
    }  # fmt: skip
    return render(request, "site/desk/indicator.html", context)


def _whole(found: Indicator, values: Values, chosen: Period, organ: str, quiet: set[Place]) -> str:
    figure = values.figure(found, chosen, organ)
    silent_here = any(organ in ("", o) for o, _month in quiet)
    return NOTHING if silent_here and not figure.n else in_words(found, figure)


def _months(
    found: Indicator, values: Values, chosen: Period, organ: str, quiet: set[Place], now: date
) -> dict[str, object]:
    """Bars and rows month by month; months to come are unknown, and so are those in which nobody who should reported."""
    months = months_of(chosen)
    figures = [values.figure(found, month_of(month), organ) for month in months]
    missing = [sum(m == month and organ in ("", o) for o, m in quiet) for month in months]
    known = [
        month <= now and not (count and not figure.n)
        for month, figure, count in zip(months, figures, missing, strict=True)
    ]
    shown = [in_words(found, figure) if told else NOTHING for figure, told in zip(figures, known, strict=True)]
    labels = [date_format(month, "M y") for month in months]
    heights = [float(f.value) if told and f.value is not None else None for f, told in zip(figures, known, strict=True)]
    return {
        "bars": bars(labels, heights, shown),
        "months": list(zip(labels, shown, figures, missing, strict=True)),
    }


@require_safe
@audience(officers("desk.indicators"))
def acts(request: HttpRequest, key: str) -> HttpResponse:
    """The acts behind a figure, a page at a time; of a closed one, those it was sealed with."""
    found, (text, chosen) = indicator_of(key), asked(request, this_month())
    organ, side = request.GET.get("organo", ""), 1 if "denominador" in request.GET else 0
    closure = _closure(request, key)
    if side >= len(found.rules()):
        raise Http404
    scope = Scope(chosen.start, chosen.end, (organ,) if organ else None)
    if closure is not None:
        scope = Scope(closure.start, closure.end, (closure.organ,) if closure.organ else None)
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    page = queries.acts_behind(
        found, scope, viewer=viewer, side=side, after=_uuid(request.GET.get("desde")), limit=PAGE,
        as_of=closure.size if closure else None,
    )  # fmt: skip
    context = {
        "indicator": found, "period": text, "organ": organ, "organ_name": name_of(organ) if organ else "", "side": side,
        "rows": [(entry, sentence_of(entry), bytes(entry.leaf_hash).hex()[:16], adds) for entry, adds in page],
        "following": page[-1][0].pk if len(page) == PAGE else "", "closure": closure, "head": head_in_words(),
    }  # fmt: skip
    return render(request, "site/desk/acts.html", context)


def indicator_of(key: str) -> Indicator:
    """The indicator of an address; what nobody declared is not found."""
    try:
        return indicators.get(key)
    except UnknownIndicator:
        raise Http404 from None


def _closure(request: HttpRequest, key: str) -> Closure | None:
    text = request.GET.get("cierre", "")
    if not text:
        return None
    if not text.isdigit():
        raise Http404
    return get_object_or_404(Closure, pk=int(text), indicator=key)


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise Http404 from None

"""The board: figures of the plan, each opening to its series, its organs and the very acts behind it."""

from __future__ import annotations

import csv
import io
import uuid
import zoneinfo
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.actions import close_period, publish_period
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import LESS, Indicator, UnknownIndicator, indicators
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import BadPeriod, Period, later, months_of, period
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.queries import civil_zone, name_of
from cancilleria.kernel.register.queries import head, sentence_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.ui.charts import bars
from cancilleria.site.figures import SENSES, UNITS, card, closed, in_words, scope_of, split

PAGE = 50


@require_safe
@audience(officers("desk.indicators"))
def board(request: HttpRequest) -> HttpResponse:
    """A card for each indicator: this year, its target, the last twelve months."""
    today = timezone.localdate(timezone=_zone())
    year = Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    last = Period(later(today.replace(day=1), -11), later(today.replace(day=1), 1))
    cards = [card(indicator, year, last) for indicator in indicators]
    return render(request, "site/desk/board.html", {"cards": cards, "year": today.year, "head": head()})


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.indicators"))
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator over a period: months, organs, what it can be split by, what was closed and how it differs today."""
    found, actor = _indicator(key), request.actor  # type: ignore[attr-defined]
    text, chosen = _period(request)
    if request.method == "POST":
        return _act(request, actor, found, chosen, text)
    months = months_of(chosen)
    by_place = queries.series(found, Scope(chosen.start, chosen.end))
    this_month = timezone.localdate(timezone=_zone()).replace(day=1)
    by_month = [queries.figure(found, Scope(month, later(month, 1))) for month in months]
    shown = [
        in_words(found, figure) if month <= this_month else "–" for month, figure in zip(months, by_month, strict=True)
    ]
    organs = sorted({organ for organ, _ in by_place})
    rows = [(name_of(o), o, queries.figure(found, Scope(chosen.start, chosen.end, (o,)))) for o in organs]
    labels = [date_format(month, "M y") for month in months]
    values = [None if text == "–" else float(f.value or 0) for f, text in zip(by_month, shown, strict=True)]
    context = {
        "indicator": found, "period": text, "periods": _periods(), "whole": in_words(found, queries.figure(found, scope_of(chosen))),
        "unit": UNITS.get(found.unit, ""), "sense": SENSES[found.sense == LESS], "head": head(),
        "bars": bars(labels, values, shown), "months": list(zip(labels, shown, by_month, strict=True)),
        "organs": [(name, organ, in_words(found, figure), figure) for name, organ, figure in rows],
        "splits": [split(found, chosen, name) for name in found.dimensions],
        "closures": [closed(c, found) for c in Closure.objects.filter(indicator=key).select_related("entry").order_by("-pk")],
        "may_close": actor.may("period.closed"), "may_publish": actor.may("period.published"),
    }  # fmt: skip
    return render(request, "site/desk/indicator.html", context)


@require_safe
@audience(officers("desk.indicators"))
def acts(request: HttpRequest, key: str) -> HttpResponse:
    """The acts behind a figure, a page at a time."""
    found, (text, chosen) = _indicator(key), _period(request)
    organ, side = request.GET.get("organo", ""), 1 if "denominador" in request.GET else 0
    if side >= len(found.rules()):
        raise Http404
    scope = Scope(chosen.start, chosen.end, (organ,) if organ else None)
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    after = _uuid(request.GET.get("desde"))
    page = queries.acts_behind(found, scope, viewer=viewer, side=side, after=after, limit=PAGE)
    context = {
        "indicator": found, "period": text, "organ": organ, "organ_name": name_of(organ) if organ else "", "side": side,
        "rows": [(entry, sentence_of(entry), bytes(entry.leaf_hash).hex()[:16], adds) for entry, adds in page],
        "following": page[-1][0].pk if len(page) == PAGE else "",
    }  # fmt: skip
    return render(request, "site/desk/acts.html", context)


@require_safe
@audience(officers("desk.indicators"))
def download(request: HttpRequest, key: str) -> HttpResponse:
    """The series as CSV, with what it is and as of which entry of the log."""
    found, (text, chosen) = _indicator(key), _period(request)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(
        ["# indicador", _text(f"{found.code} {found.name}"), "reglas", " ".join(r.key for r in found.rules())]
    )
    lines.writerow(["# periodo", text, "asientos del registro", queries.log_size()])
    lines.writerow(["organo", "mes", "n", "total", "n_denominador", "total_denominador"])
    for (organ, month), f in queries.series(found, Scope(chosen.start, chosen.end)).items():
        lines.writerow([_text(organ), f"{month:%Y-%m}", f.n, f.total, f.of_n, "" if f.of_total is None else f.of_total])
    headers = {"Content-Disposition": f'attachment; filename="{found.code}-{text}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _act(request: HttpRequest, actor: Actor, found: Indicator, chosen: Period, text: str) -> HttpResponse:
    """Close the period shown, or publish a closed one."""
    try:
        if request.POST.get("do") == "publish":
            publish_period(
                actor=actor, closure=get_object_or_404(Closure, pk=request.POST.get("closure"), indicator=found.key)
            )
        else:
            close_period(actor=actor, indicator=found, period=chosen)
    except NotAuthorised:
        raise Http404 from None
    messages.success(request, translate("Quedó asentado en el registro."))
    return redirect(f"{request.path}?periodo={text}")


def _indicator(key: str) -> Indicator:
    try:
        return indicators.get(key)
    except UnknownIndicator:
        raise Http404 from None


def _period(request: HttpRequest) -> tuple[str, Period]:
    text = request.GET.get("periodo") or str(timezone.localdate(timezone=_zone()).year)
    try:
        return text, period(text)
    except BadPeriod:
        raise Http404 from None


def _periods() -> list[str]:
    """The periods offered: this year and the last, their quarters, and the last months."""
    today = timezone.localdate(timezone=_zone())
    quarters = [f"{today.year}-T{n}" for n in range(1, (today.month - 1) // 3 + 2)]
    months = [f"{later(today.replace(day=1), -n):%Y-%m}" for n in range(4)]
    return [str(today.year), *reversed(quarters), *months, str(today.year - 1)]


def _zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(civil_zone())


def _text(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise Http404 from None

"""The board: figures of the plan, each opening to its series, its organs and the very acts behind it."""

from __future__ import annotations

import csv
import io
import uuid
import zoneinfo
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.actions import close_period, publish_period
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import DAYS, LESS, PERCENT, Indicator, UnknownIndicator, indicators
from cancilleria.kernel.indicators.difference import explain, seal_holds
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.rules import BadPeriod, Figure, Period, later, months_of, period, progress, rounded
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.queries import civil_zone, name_of
from cancilleria.kernel.register.queries import head, sentence_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.ui.charts import bars, sparkline

PAGE = 50
UNITS = {PERCENT: "%", DAYS: _("días hábiles")}
# Facts by which figures are split: what they are called, and where their values are named.
DIMENSIONS = {"destination": _("país de destino"), "kind": _("clase de documento"), "channel": _("vía")}
CHANNELS = {"portal": _("portal"), "counter": _("ventanilla")}
SENSES = {True: _("menos es mejor"), False: _("más es mejor")}


@require_safe
@audience(officers("desk.indicators"))
def board(request: HttpRequest) -> HttpResponse:
    """A card for each indicator: this year, its target, the last twelve months."""
    today = timezone.localdate(timezone=_zone())
    year = Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    last = Period(later(today.replace(day=1), -11), later(today.replace(day=1), 1))
    cards = [_card(indicator, year, last) for indicator in indicators]
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
        _shown(found, figure) if month <= this_month else "–" for month, figure in zip(months, by_month, strict=True)
    ]
    organs = sorted({organ for organ, _ in by_place})
    rows = [(name_of(o), o, queries.figure(found, Scope(chosen.start, chosen.end, (o,)))) for o in organs]
    labels = [date_format(month, "M y") for month in months]
    values = [None if text == "–" else float(f.value or 0) for f, text in zip(by_month, shown, strict=True)]
    context = {
        "indicator": found, "period": text, "periods": _periods(), "whole": _shown(found, queries.figure(found, _scope(chosen))),
        "unit": UNITS.get(found.unit, ""), "sense": SENSES[found.sense == LESS], "head": head(),
        "bars": bars(labels, values, shown), "months": list(zip(labels, shown, by_month, strict=True)),
        "organs": [(name, organ, _shown(found, figure), figure) for name, organ, figure in rows],
        "splits": [_split(found, chosen, name) for name in found.dimensions],
        "closures": [_closure(c, found) for c in Closure.objects.filter(indicator=key).select_related("entry").order_by("-pk")],
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
    page = queries.acts_behind(
        found,
        scope,
        viewer=request.actor,
        side=side,
        after=_uuid(request.GET.get("desde")),
        limit=PAGE,  # type: ignore[attr-defined]
    )
    context = {
        "indicator": found, "period": text, "organ": organ, "organ_name": name_of(organ) if organ else "", "side": side,
        "rows": [(entry, sentence_of(entry), adds) for entry, adds in page],
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


def _card(found: Indicator, year: Period, last: Period) -> dict[str, object]:
    figure = queries.figure(found, _scope(year))
    months = [queries.figure(found, Scope(month, later(month, 1))).value for month in months_of(last)]
    wanted = queries.target(found, year.start.year)
    reached = progress(figure.value, wanted, found.sense) if wanted is not None else None
    return {
        "indicator": found, "shown": _shown(found, figure), "unit": UNITS.get(found.unit, ""),
        "points": sparkline([None if value is None else float(value) for value in months]),
        "target": _number(wanted) if wanted is not None else "", "met": reached is not None and reached >= 1,
    }  # fmt: skip


def _split(found: Indicator, chosen: Period, name: str) -> tuple[object, list[tuple[str, int]]]:
    """The label of a dimension, and its values in words with how many acts, the most first."""
    named: dict[str, object] = dict(CHANNELS)
    for procedure in procedures:
        named |= {k: v for f in procedure.fields() if f.name == name and f.choices for k, v in f.choices()}
    counts = queries.split(found, _scope(chosen), name)
    rows = [(str(named.get(value, value or "–")), n) for value, (n, _total) in counts.items()]
    return DIMENSIONS.get(name, name), sorted(rows, key=lambda row: (-row[1], row[0]))


def _closure(closure: Closure, found: Indicator) -> dict[str, object]:
    told = explain(closure, found)
    figure = Figure(
        *closure.counts[0], *(closure.counts[1] if len(closure.counts) > 1 else (0, None)), scale=found.scale
    )
    return {
        "closure": closure, "shown": _shown(found, figure), "sound": seal_holds(closure), "told": told,
        "last": date.fromordinal(closure.end.toordinal() - 1), "same": all(s.then == s.now for s in told.sides),
    }  # fmt: skip


def _shown(found: Indicator, figure: Figure) -> str:
    """The value as people read it; a dash when there is nothing to share."""
    value = rounded(figure.value, 0 if found.unit == "acts" else 1)
    return "–" if value is None else _number(value)


def _number(value: Decimal) -> str:
    return number_format(
        value.normalize() if value == value.to_integral_value() else value, use_l10n=True, force_grouping=True
    )


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


def _scope(chosen: Period) -> Scope:
    return Scope(chosen.start, chosen.end)


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

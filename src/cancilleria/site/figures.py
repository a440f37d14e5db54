"""Figures as people read them: cards, splits and closed values in words. The board's pages put them together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import DAYS, MONEY, PERCENT, Indicator
from cancilleria.kernel.indicators.difference import explain, seal_holds
from cancilleria.kernel.indicators.figures import Figure, progress, rounded
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import Period, later, months_of
from cancilleria.services.fees.models import TariffLine
from cancilleria.services.fees.tariff import in_words as in_money
from cancilleria.services.fees.tariff import names_of
from cancilleria.services.ui.charts import sparkline
from cancilleria.site.cash_papers import MEANS_NAMES
from cancilleria.site.composition import profile

UNITS = {PERCENT: "%", DAYS: _("días hábiles")}
# Facts by which figures are split: what they are called, and where their values are named.
DIMENSIONS = {
    "destination": _("país de destino"),
    "kind": _("clase de documento"),
    "channel": _("vía"),
    "means": _("medio de pago"),
    "line": _("concepto"),
    "exemption": _("exención"),
}
CHANNELS = {"portal": _("portal"), "counter": _("ventanilla")}
SENSES = {True: _("menos es mejor"), False: _("más es mejor")}


def card(found: Indicator, year: Period, last: Period) -> dict[str, object]:
    figure = queries.figure(found, scope_of(year))
    months = [queries.figure(found, Scope(month, later(month, 1))).value for month in months_of(last)]
    wanted = queries.target(found, year.start.year)
    reached = progress(figure.value, wanted, found.sense) if wanted is not None else None
    return {
        "indicator": found, "shown": in_words(found, figure), "unit": UNITS.get(found.unit, ""),
        "points": sparkline([None if value is None else float(value) for value in months]),
        "target": number(wanted) if wanted is not None else "", "met": reached is not None and reached >= 1,
    }  # fmt: skip


def split(found: Indicator, chosen: Period, name: str) -> tuple[object, list[tuple[str, int]]]:
    """The label of a dimension, and its values in words with how many acts, the most first."""
    named: dict[str, object] = (
        CHANNELS | MEANS_NAMES | names_of(TariffLine.objects.values_list("key", flat=True), chosen.start)
    )
    for procedure in procedures:
        named |= {k: v for f in procedure.fields() if f.name == name and f.choices for k, v in f.choices()}
    counts = queries.split(found, scope_of(chosen), name)
    rows = [(str(named.get(value, value or "–")), n) for value, (n, _total) in counts.items()]
    return DIMENSIONS.get(name, name), sorted(rows, key=lambda row: (-row[1], row[0]))


def closed(closure: Closure, found: Indicator) -> dict[str, object]:
    told = explain(closure, found)
    (n, total), *rest = closure.counts
    of_n, of_total = rest[0] if rest else (0, None)
    figure = Figure(n, total, of_n, of_total, found.scale)
    return {
        "closure": closure, "shown": in_words(found, figure), "sound": seal_holds(closure), "told": told,
        "last": date.fromordinal(closure.end.toordinal() - 1), "same": all(s.then == s.now for s in told.sides),
    }  # fmt: skip


def in_words(found: Indicator, figure: Figure) -> str:
    """The value as people read it; a dash when there is nothing to share."""
    if found.unit == MONEY and figure.value is not None:
        return in_money(round(figure.value), str(profile()["currency"]))
    value = rounded(figure.value, 0 if found.unit == "acts" else 1)
    return "–" if value is None else number(value)


def number(value: Decimal) -> str:
    return number_format(
        value.normalize() if value == value.to_integral_value() else value, use_l10n=True, force_grouping=True
    )


def scope_of(chosen: Period) -> Scope:
    return Scope(chosen.start, chosen.end)

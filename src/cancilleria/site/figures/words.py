"""Figures in words: values with their unit, splits, closed figures and why they differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import DAYS, MONEY, PERCENT, Indicator
from cancilleria.kernel.indicators.difference import explain, seal_holds
from cancilleria.kernel.indicators.figures import ByHand, Figure, rounded
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.indicators.queries import figure_of
from cancilleria.services.fees.models import TariffLine
from cancilleria.services.fees.tariff import in_words as in_money
from cancilleria.services.fees.tariff import names_of
from cancilleria.site.cash_papers import MEANS_NAMES
from cancilleria.site.composition import profile

NOTHING = "–"
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


def split(found: Indicator, chosen: Period, name: str) -> tuple[object, list[tuple[str, int]]]:
    """The label of a dimension, and its values in words with how many acts, the most first."""
    named = value_names(name)
    counts = queries.split(found, scope_of(chosen), name)
    rows = [(str(named.get(value, value or "–")), n) for value, (n, _total) in counts.items()]
    return DIMENSIONS.get(name, name), sorted(rows, key=lambda row: (-row[1], row[0]))


def value_names(name: str = "") -> dict[str, object]:
    """What the values of a fact are called, or of all of them."""
    today = timezone.now().date()
    named: dict[str, object] = (
        CHANNELS | MEANS_NAMES | names_of(TariffLine.objects.values_list("key", flat=True), today)
    )
    for procedure in procedures:
        named |= {k: v for f in procedure.fields() if name in ("", f.name) and f.choices for k, v in f.choices()}
    return named


def closed(closure: Closure, found: Indicator) -> dict[str, object]:
    """A closed figure, whether its seal holds, and every act by which it differs today."""
    told = explain(closure, found)
    return {
        "closure": closure, "shown": sealed_in_words(closure, found), "sound": seal_holds(closure), "told": told,
        "last": last_day(closure), "same": all(s.then == s.now for s in told.sides),
    }  # fmt: skip


def sealed_in_words(closure: Closure, found: Indicator) -> str:
    return in_words(found, figure_of(found, closure.counts))


def last_day(closure: Closure) -> date:
    return date.fromordinal(closure.end.toordinal() - 1)


def with_unit(found: Indicator, shown: str) -> str:
    unit = UNITS.get(found.unit, "")
    return f"{shown} {unit}" if unit and shown != NOTHING else shown


def in_words(found: Indicator, figure: Figure | ByHand) -> str:
    """The value as people read it; a dash when there is nothing to share."""
    if found.unit == MONEY and isinstance(figure, Figure) and figure.value is not None:
        return in_money(round(figure.value), str(profile()["currency"]))
    value = rounded(figure.value, 0 if found.unit == "acts" else 1)
    return NOTHING if value is None else number(value)


def number(value: Decimal) -> str:
    """Without zeros at the end that say nothing: a column of four decimals gives 86.5000."""
    return number_format(value.normalize(), use_l10n=True, force_grouping=True)


def scope_of(chosen: Period) -> Scope:
    return Scope(chosen.start, chosen.end)

"""Many figures over many months and organs, read once: pages take their numbers from here, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import ACTS, MANUAL, MONEY, Indicator
from cancilleria.kernel.indicators.figures import ByHand, Figure, by_hand
from cancilleria.kernel.indicators.models import ManualValue, Target
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.indicators.queries import Counts, Place, figure_of


@dataclass(frozen=True)
class Values:
    """Counts by rule, organ and month, and values entered by hand by indicator, organ and month."""

    counts: Mapping[str, Mapping[Place, Counts]]
    hand: Mapping[str, Mapping[Place, Decimal]]

    def figure(self, indicator: Indicator, period: Period, organ: str = "") -> Figure | ByHand:
        """Of an organ, or of all."""

        def inside(place: Place) -> bool:
            return period.start <= place[1] < period.end and organ in ("", place[0])

        if indicator.source == MANUAL:
            held = self.hand.get(indicator.key, {})
            return by_hand({p: v for p, v in held.items() if inside(p)}, adds=indicator.unit in (ACTS, MONEY))
        sides = []
        for rule in indicator.rules():
            found = [counts for place, counts in self.counts[rule.key].items() if inside(place)]
            sides.append((sum(n for n, _ in found), sum(total for _, total in found)))
        return figure_of(indicator, sides)

    def places(self, indicator: Indicator) -> set[Place]:
        """Organs and months with something to show."""
        if indicator.source == MANUAL:
            return set(self.hand.get(indicator.key, {}))
        return {place for rule in indicator.rules() for place in self.counts[rule.key]}


def values_of(among: Sequence[Indicator], scope: Scope) -> Values:
    """Everything of these indicators within a scope, as it is now, in a fixed number of queries."""
    rules = {rule.key: rule for indicator in among for rule in indicator.rules()}
    counts = queries.report(list(rules.values()), scope)
    hand: dict[str, dict[Place, Decimal]] = defaultdict(dict)
    found = ManualValue.objects.filter(indicator__in=[i.key for i in among if i.source == MANUAL])
    if scope.start is not None:
        found = found.filter(month__gte=scope.start)
    if scope.end is not None:
        found = found.filter(month__lt=scope.end)
    for value in found:
        hand[value.indicator][value.organ, value.month] = value.value
    return Values(counts, hand)


def targets_of(year: int) -> dict[str, Decimal]:
    """What is wanted of each indicator of the ministry in a year."""
    return dict(Target.objects.filter(organ="", year=year).values_list("indicator", "value"))


def silent(
    among: Sequence[Indicator], held: Values, reporters: Mapping[str, Sequence[str]], months: Sequence[date]
) -> dict[str, set[Place]]:
    """For each indicator the organs and months that should have been reported and were not: unknown, never zero."""
    organs = sorted({organ for keys in reporters.values() for organ in keys})
    said = queries.said_nothing([indicator.key for indicator in among], organs)
    return {
        indicator.key: {(organ, month) for organ in reporters.get(indicator.key, ()) for month in months}
        - held.places(indicator) - said.get(indicator.key, set())
        for indicator in among
    }  # fmt: skip

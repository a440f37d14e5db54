"""A figure as numbers: exact, rounded for people, and how far from its target. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from cancilleria.kernel.indicators.declaration import MORE


@dataclass(frozen=True)
class Figure:
    """What the acts add up to: `n` acts adding up to `total`, shared by another total when there is a denominator."""

    n: int
    total: int
    of_n: int = 0
    of_total: int | None = None
    scale: int = 1

    @property
    def value(self) -> Fraction | None:
        """Exact; None for a share of nothing."""
        if self.of_total is None:
            return Fraction(self.total * self.scale)
        return Fraction(self.total * self.scale, self.of_total) if self.of_total else None


@dataclass(frozen=True)
class ByHand:
    """What officers entered: how many values, and what they come to. No act stands behind it."""

    n: int
    value: Fraction | None
    of_n: int = 0
    of_total: int | None = None


def by_hand(values: Mapping[tuple[str, date], Decimal], *, adds: bool) -> ByHand:
    """Counts add up. Of shares and means the newest value of the one organ stands; of several there is none: they have no weights."""
    if adds or not values:
        return ByHand(len(values), sum((Fraction(value) for value in values.values()), Fraction(0)) if values else None)
    if len({organ for organ, _ in values}) > 1:
        return ByHand(len(values), None)
    return ByHand(len(values), Fraction(values[max(values, key=lambda place: place[1])]))


def rounded(value: Fraction | None, places: int = 1) -> Decimal | None:
    """For showing: half away from zero, as people round."""
    if value is None:
        return None
    scaled = value * 10**places
    nearest = int(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    return Decimal(nearest).scaleb(-places)


def progress(value: Fraction | None, target: Decimal, sense: str) -> Fraction | None:
    """Share of the target reached, 1 when it is met: of what should fall, the target over the value."""
    if value is None:
        return None
    if target == 0:
        return Fraction(1) if (value >= 0 if sense == MORE else value <= 0) else Fraction(0)
    wanted = Fraction(target)
    if sense == MORE:
        return value / wanted
    return wanted / value if value else Fraction(1)

"""A figure as numbers: exact, rounded for people, and how far from its target. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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


def rounded(value: Fraction | None, places: int = 1) -> Decimal | None:
    """For showing: half away from zero, as people round."""
    if value is None:
        return None
    scaled = value * 10**places
    nearest = int(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    return Decimal(nearest).scaleb(-places)


def progress(value: Fraction | None, target: Decimal, sense: str) -> Fraction | None:
    """Share of the target reached, 1 when it is met: of what should fall, the target over the value."""
    if value is None or target == 0:
        return None
    wanted = Fraction(target)
    if sense == MORE:
        return value / wanted
    return wanted / value if value else Fraction(1)

"""Periods of the plan, in the ministry's civil calendar, and how far a figure is from its target. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

PERIOD = re.compile(r"(\d{4})(?:-(?:S([12])|T([1-4])|(\d{2})))?")
MORE = "more"


class BadPeriod(ValueError):
    """Not a year, half (2026-S1), quarter (2026-T3) or month (2026-11)."""


@dataclass(frozen=True)
class Period:
    """From `start` to before `end`, first days of months."""

    start: date
    end: date


def period(text: str) -> Period:
    """The months a text such as 2026, 2026-S1, 2026-T3 or 2026-11 means. Raises BadPeriod."""
    found = PERIOD.fullmatch(text)
    if found is None:
        raise BadPeriod(text)
    year, half, quarter, month = int(found[1]), found[2], found[3], found[4]
    months, first = 12, 1
    if half:
        months, first = 6, 6 * (int(half) - 1) + 1
    elif quarter:
        months, first = 3, 3 * (int(quarter) - 1) + 1
    elif month:
        months, first = 1, int(month)
    if not 1 <= first <= 12 or year < 1:
        raise BadPeriod(text)
    return Period(date(year, first, 1), later(date(year, first, 1), months))


def later(month: date, count: int) -> date:
    """The first day of the month `count` months after."""
    total = month.year * 12 + month.month - 1 + count
    return date(total // 12, total % 12 + 1, 1)


def months_of(found: Period) -> list[date]:
    months = [found.start]
    while later(months[-1], 1) < found.end:
        months.append(later(months[-1], 1))
    return months


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

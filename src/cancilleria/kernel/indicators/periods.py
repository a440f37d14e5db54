"""Periods of the plan, in the ministry's civil calendar. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

PERIOD = re.compile(r"(\d{4})(?:-(?:S([12])|T([1-4])|(\d{2})))?")


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


Node = tuple[date, date]


def below(found: Period) -> dict[Node, Node | None]:
    """The period and the halves, quarters and months that are whole parts of it, each with the one just above it."""
    tree: dict[Node, Node | None] = {(found.start, found.end): None}
    waiting = [(found.start, found.end)]
    while waiting:
        start, end = here = waiting.pop()
        length = (end.year - start.year) * 12 + end.month - start.month
        step = {12: 6, 6: 3, 3: 1}.get(length, 0)
        for at in range(0, length, step) if step else ():
            part = (later(start, at), later(start, at + step))
            tree[part] = here
            waiting.append(part)
    return tree


def text_of(start: date, end: date) -> str:
    """The text `period` reads as these months."""
    length = (end.year - start.year) * 12 + end.month - start.month
    at = (start.month - 1) // length + 1
    return {12: f"{start.year}", 6: f"{start.year}-S{at}", 3: f"{start.year}-T{at}"}.get(length, f"{start:%Y-%m}")

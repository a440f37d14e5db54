"""The board: the plan's objectives and actions, and under each a card for every indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import LESS, MANUAL, Indicator, indicators
from cancilleria.kernel.indicators.expectations import plans, reporters
from cancilleria.kernel.indicators.figures import progress
from cancilleria.kernel.indicators.periods import Period, later, months_of
from cancilleria.kernel.indicators.plan import Plan
from cancilleria.kernel.indicators.queries import Place
from cancilleria.kernel.indicators.values import Values, silent, targets_of, values_of
from cancilleria.kernel.organs.doors import in_language
from cancilleria.kernel.organs.queries import names_of
from cancilleria.services.ui.charts import sparkline
from cancilleria.site.figures.calendar import month_of, year_of
from cancilleria.site.figures.words import NOTHING, UNITS, in_words, number

Card = dict[str, object]


@dataclass(frozen=True)
class Chapter:
    """An objective of a plan with its actions; each action with the organ that answers for it and its cards."""

    objective: object
    name: str
    actions: list[dict[str, object]]


@dataclass(frozen=True)
class Board:
    plans: list[dict[str, object]]
    others: list[Card]


def board_of(now: date) -> Board:
    """Every indicator this year, under its action; those of no plan at the end."""
    held, known = plans(), list(indicators)
    year, last = year_of(now), Period(later(now, -11), later(now, 1))
    values = values_of(known, Scope(min(year.start, last.start), max(year.end, last.end)))
    quiet = silent(known, values, reporters(held), [month for month in months_of(last) if month < now])
    targets = targets_of(now.year)
    cards = {
        found.key: _card(found, values, year, last, now, quiet[found.key])
        | _towards(found, values.figure(found, year).value, targets.get(found.key))
        | _quiet(quiet[found.key], now)
        for found in known
    }
    names = names_of(action.responsible for plan in held for action in plan.actions())
    placed = {measured.indicator for plan in held for measured in plan.measures()}
    return Board(
        [{"plan": plan, "name": in_language(plan.name), "basis": [(in_language(b.name), b.source) for b in plan.basis],
          "warnings": [in_language(warning) for warning in plan.warnings], "chapters": list(_chapters(plan, cards, names))}
         for plan in held],
        [card for key, card in cards.items() if key not in placed],
    )  # fmt: skip


def _chapters(plan: Plan, cards: dict[str, Card], names: dict[str, str]) -> Iterator[Chapter]:
    for objective in plan.objectives:
        actions = [
            {"action": action, "name": in_language(action.name), "responsible": names.get(action.responsible, ""),
             "cards": [cards[measured.indicator] for measured in action.measures if measured.indicator in cards]}
            for action in objective.actions
        ]  # fmt: skip
        yield Chapter(objective, in_language(objective.name), actions)


def _card(found: Indicator, values: Values, year: Period, last: Period, now: date, quiet: set[Place]) -> Card:
    months = [_known(found, values, month, quiet) for month in months_of(last)]
    figure = values.figure(found, year)
    return {
        "indicator": found, "shown": NOTHING if quiet and not figure.n else in_words(found, figure), "unit": UNITS.get(found.unit, ""),
        "points": sparkline([None if value is None else float(value) for value in months]),
        "by_hand": found.source == MANUAL, "trend": trend(found, months[-3:-1], later(now, -2)),
    }  # fmt: skip


def _known(found: Indicator, values: Values, month: date, quiet: set[Place]) -> Fraction | None:
    """A month's value; None where nothing counts and an organ that should have reported did not."""
    figure = values.figure(found, month_of(month))
    return None if not figure.n and any(m == month for _organ, m in quiet) else figure.value


def _towards(found: Indicator, value: Fraction | None, wanted: object) -> Card:
    """The target in words, whether it is met, and how long its bar is, in hundredths."""
    if wanted is None:
        return {"target": "", "met": False, "bar": 0}
    reached = progress(value, wanted, found.sense)  # type: ignore[arg-type]
    return {
        "target": number(wanted),  # type: ignore[arg-type]
        "met": reached is not None and reached >= 1, "bar": min(100, int((reached or 0) * 100)),
    }  # fmt: skip


def _quiet(places: set[Place], now: date) -> Card:
    organs = len({organ for organ, month in places if month == later(now, -1)})
    return {
        "silent": ngettext(
            "%(count)d órgano no informó el mes pasado", "%(count)d órganos no informaron el mes pasado", organs
        ) % {"count": organs} if organs else ""
    }  # fmt: skip


def trend(found: Indicator, pair: Sequence[Fraction | None], before: date) -> str:
    """The sense of the change between the two last months that ended, in words."""
    if len(pair) < 2 or pair[0] is None or pair[1] is None:
        return ""
    month = date_format(before, "F")
    if pair[0] == pair[1]:
        return _("igual que en %(month)s") % {"month": month}
    rose = pair[1] > pair[0]
    better = rose != (found.sense == LESS)
    texts = {
        (True, True): _("subió desde %(month)s: mejora"), (True, False): _("subió desde %(month)s: empeora"),
        (False, True): _("bajó desde %(month)s: mejora"), (False, False): _("bajó desde %(month)s: empeora"),
    }  # fmt: skip
    return texts[rose, better] % {"month": month}

"""An organ's own months: for each figure it is expected to report, what it did, that it did nothing, or that it did not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import MANUAL, Indicator, indicators
from cancilleria.kernel.indicators.expectations import plans, reporters
from cancilleria.kernel.indicators.periods import later
from cancilleria.kernel.indicators.values import Values, silent, values_of
from cancilleria.site.figures.calendar import month_of
from cancilleria.site.figures.words import in_words, with_unit

BACK = 12


@dataclass(frozen=True)
class Told:
    """One figure in one month: in words, and whether the organ still has to say something."""

    indicator: Indicator
    month: date
    shown: str
    missing: bool


def months_told(organ: str, now: date) -> list[tuple[date, list[Told]]]:
    """The last twelve months that ended, the newest first."""
    wanted = reporters(plans())
    mine = [found for found in indicators if organ in wanted.get(found.key, []) and found.source != MANUAL]
    months = [later(now, -n) for n in range(1, BACK + 1)]
    values = values_of(mine, Scope(months[-1], now, (organ,)))
    quiet = silent(mine, values, {found.key: [organ] for found in mine}, months)
    return [
        (month, _told(mine, values, {k for k, v in quiet.items() if (organ, month) in v}, month)) for month in months
    ]


def _told(mine: Sequence[Indicator], values: Values, missing: set[str], month: date) -> list[Told]:
    return [
        Told(found, month, _said(found, values, month, found.key in missing), found.key in missing) for found in mine
    ]


def _said(found: Indicator, values: Values, month: date, missing: bool) -> str:
    if missing:
        return _("no informó")
    figure = values.figure(found, month_of(month))
    return with_unit(found, in_words(found, figure)) if figure.n else _("sin actos")

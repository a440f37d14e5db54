"""Working days and terms: pure functions over dates (DECISIONS 17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

# A calendar of this beginning is the profile's own: it has no holidays but the days decreed for it.
OWN = "X-"
MAX_STEPS = 3_700  # ten years: a calendar with no working day in that time is an error in the data


@lru_cache(maxsize=512)
def public_holidays(calendar: str, year: int) -> frozenset[date]:
    """Holidays of a calendar, `ES` or `US/CA`, in a year. Empty text has none. Raises NotImplementedError if unknown."""
    if not calendar or calendar.startswith(OWN):
        return frozenset()
    country, _, subdivision = calendar.partition("/")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days an organ works: not its weekend, not holidays, unless a decree says otherwise for that day."""

    weekend: frozenset[int]
    calendar: str = ""
    decreed: Mapping[date, bool] = field(default_factory=dict)
    holidays_of: Callable[[str, int], frozenset[date]] = public_holidays

    def is_working(self, day: date) -> bool:
        decreed = self.decreed.get(day)
        if decreed is not None:
            return decreed
        return day.isoweekday() not in self.weekend and day not in self.holidays_of(self.calendar, day.year)

    def first_working(self, day: date) -> date:
        """The day itself if it is working, else the next one that is."""
        for step in range(MAX_STEPS):
            candidate = day + timedelta(days=step)
            if self.is_working(candidate):
                return candidate
        raise ValueError(f"no working day in ten years from {day}")

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; with 0, the first working day from `day` on."""
        reached = self.first_working(day) if count == 0 else day
        for _ in range(count):
            reached = self.first_working(reached + timedelta(days=1))
        return reached

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


@dataclass(frozen=True)
class RegistryHours:
    """When an organ takes filings. What arrives after closing counts as the next working day's."""

    zone: str
    opens: time
    closes: time

    def filing_day(self, at: datetime, calendar: WorkingCalendar) -> date:
        """The local working day as of which something filed at instant `at` counts."""
        local = at.astimezone(ZoneInfo(self.zone))
        day = local.date() + timedelta(days=1) if local.time() > self.closes else local.date()
        return calendar.first_working(day)

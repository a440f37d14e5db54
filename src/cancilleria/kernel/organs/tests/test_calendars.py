"""Working days and terms: examples and properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.organs.calendars import RegistryHours, WorkingCalendar

LIMA = WorkingCalendar(frozenset({6, 7}), "PE")
CAIRO = WorkingCalendar(frozenset({5, 6}), "EG")
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(0, 60)
CALENDARS = st.sampled_from([LIMA, CAIRO, WorkingCalendar(frozenset({7}))])


@given(CALENDARS, DAYS, COUNTS)
def test_a_term_ends_on_a_working_day_after_so_many_of_them(calendar: WorkingCalendar, day: date, count: int) -> None:
    end = calendar.add_working_days(day, count)
    assert calendar.is_working(end)
    if count:
        assert calendar.working_days_between(day, end) == count


@given(CALENDARS, DAYS, COUNTS)
def test_a_longer_term_never_ends_earlier(calendar: WorkingCalendar, day: date, count: int) -> None:
    assert calendar.add_working_days(day, count) <= calendar.add_working_days(day, count + 1)
    assert calendar.add_working_days(day, count) <= calendar.add_working_days(day + timedelta(days=1), count)


@given(DAYS)
def test_a_decree_decides_over_weekend_and_holiday(day: date) -> None:
    for working in (True, False):
        assert WorkingCalendar(frozenset({6, 7}), "PE", {day: working}).is_working(day) is working


def test_weekends_are_the_posts_own() -> None:
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert (LIMA.is_working(friday), CAIRO.is_working(friday)) == (True, False)
    assert (LIMA.is_working(sunday), CAIRO.is_working(sunday)) == (False, True)


def test_a_term_runs_over_the_end_of_the_year_and_a_leap_day() -> None:
    assert LIMA.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert LIMA.add_working_days(date(2028, 2, 28), 1) == date(2028, 2, 29)


def test_a_calendar_that_never_works_is_an_error_in_the_data() -> None:
    with pytest.raises(ValueError, match="no working day"):
        WorkingCalendar(frozenset(range(1, 8))).first_working(date(2026, 1, 1))


@pytest.mark.parametrize(("at", "day"), [
    (datetime(2026, 11, 23, 21, 29, tzinfo=UTC), date(2026, 11, 23)),  # 16:29 in Lima
    (datetime(2026, 11, 23, 21, 31, tzinfo=UTC), date(2026, 11, 24)),  # after closing
    (datetime(2026, 11, 21, 15, 0, tzinfo=UTC), date(2026, 11, 23)),  # a Saturday
])  # fmt: skip
def test_what_arrives_after_hours_counts_as_the_next_working_day(at: datetime, day: date) -> None:
    hours = RegistryHours("America/Lima", time(8, 30), time(16, 30))
    assert hours.filing_day(at, LIMA) == day


def test_hours_follow_the_posts_daylight_saving() -> None:
    madrid = RegistryHours("Europe/Madrid", time(9), time(13))
    calendar = WorkingCalendar(frozenset({6, 7}))
    assert madrid.filing_day(datetime(2026, 3, 27, 11, 59, tzinfo=UTC), calendar) == date(
        2026, 3, 27
    )  # 12:59 in winter
    assert madrid.filing_day(datetime(2026, 3, 30, 11, 59, tzinfo=UTC), calendar) == date(
        2026, 3, 31
    )  # 13:59 in summer


def test_a_calendar_of_the_profiles_own_has_only_the_days_decreed_for_it() -> None:
    island = WorkingCalendar(frozenset({5, 6}), "X-UT", {date(2026, 12, 1): False})
    assert not island.is_working(date(2026, 12, 1))
    assert island.is_working(date(2026, 12, 6))  # a Sunday
    assert island.add_working_days(date(2026, 11, 25), 3) == date(2026, 11, 30)
    with pytest.raises(NotImplementedError):
        WorkingCalendar(frozenset({6, 7}), "UT").is_working(date(2026, 12, 2))

"""Terms: examples from practice, and what holds for every calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.cases.rules import AWAITING_PAYMENT, OBSERVED, SUSPENDED
from cancilleria.kernel.cases.terms import (
    Pause,
    Term,
    both,
    extend,
    last_day_to_answer,
    pause,
    recount,
    resume,
    term_from,
    used_days,
)
from cancilleria.kernel.organs.calendars import WorkingCalendar

OFFICE = WorkingCalendar(frozenset({6, 7}))
MONDAY = date(2026, 11, 2)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def filed(days: int, on: date = MONDAY) -> Term:
    return Term(on, OFFICE.add_working_days(on, days), days, "America/Lima", False)


@pytest.mark.parametrize(("stopped", "went_on", "due"), [
    (3, 3, 5),  # stopped and went on the same Tuesday: nothing is lost
    (3, 4, 6),  # one day standing, one day later
    (5, 9, 9),  # stopped on the last day: due the day it goes on
    (2, 16, 19),  # two weeks standing
])  # fmt: skip
def test_a_pause_moves_the_due_day_by_the_working_days_it_stood(stopped: int, went_on: int, due: int) -> None:
    standing = pause(filed(3), OBSERVED, date(2026, 11, stopped))
    assert standing.standing
    assert resume(standing, date(2026, 11, went_on), OFFICE).due_on == date(2026, 11, due)


def test_what_was_late_before_it_stopped_stays_late() -> None:
    late = pause(filed(3), SUSPENDED, date(2026, 11, 9))
    assert resume(late, date(2026, 11, 20), OFFICE).due_on == date(2026, 11, 5)


@pytest.mark.parametrize(("stopped", "went_on"), [(30, 30), (31, 31), (31, 32), (30, 33)])
@pytest.mark.parametrize("days", [0, 3])
def test_who_pays_before_the_office_opens_again_shortens_nothing(stopped: int, went_on: int, days: int) -> None:
    # Filed and paid after hours on Friday, or on the weekend, before the Monday as of which it counts.
    term = pause(filed(days), AWAITING_PAYMENT, date(2026, 10, 1) + timedelta(days=stopped - 1))
    assert resume(term, date(2026, 10, 1) + timedelta(days=went_on - 1), OFFICE).due_on == filed(days).due_on


@given(
    DAYS, st.integers(0, 40), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4), st.integers(0, 4)
)
def test_the_days_used_when_it_falls_due_are_the_days_given(
    on: date, days: int, stops: list[tuple[int, int]], early: int
) -> None:
    # What comes out of hours may stop and go on before it counts.
    term, day = filed(days, OFFICE.first_working(on)), OFFICE.first_working(on) - timedelta(days=early)
    for wait, stood in stops:
        day += timedelta(days=wait)
        if day > term.due_on:
            break
        term = pause(term, AWAITING_PAYMENT, day)
        day += timedelta(days=stood)
        term = resume(term, day, OFFICE)
    assert term.due_on >= filed(days, OFFICE.first_working(on)).due_on
    assert OFFICE.is_working(term.due_on)
    assert used_days(term, term.due_on, OFFICE) == days
    assert recount(term, OFFICE) == term
    assert term_from(term.as_json()) == term


@given(DAYS, st.integers(1, 30), st.integers(1, 10))
def test_an_extension_adds_its_days(on: date, days: int, more: int) -> None:
    term = filed(days, on)
    assert extend(term, more, OFFICE).due_on == OFFICE.add_working_days(term.due_on, more)


def test_a_day_decreed_later_moves_an_open_term() -> None:
    closed = WorkingCalendar(frozenset({6, 7}), "", {date(2026, 11, 4): False})
    assert recount(filed(3), closed).due_on == date(2026, 11, 6)


def test_days_of_both_are_days_that_work_for_the_two() -> None:
    friday_off = WorkingCalendar(frozenset({5, 6}))
    assert both(OFFICE, friday_off).add_working_days(MONDAY, 4) == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("country", "until"), [("UT", date(2026, 11, 4)), ("JP", date(2026, 11, 11)), ("ES", date(2026, 11, 5))]
)
def test_who_lives_far_has_longer_to_answer(country: str, until: date) -> None:
    assert last_day_to_answer(MONDAY, 2, OFFICE, {"UT": 0, "JP": 5, "*": 1}, country) == until


def test_the_explanation_tells_what_stopped_the_clock_and_when_it_falls_due() -> None:
    told = resume(pause(filed(3), OBSERVED, date(2026, 11, 3)), date(2026, 11, 4), OFFICE).explanation()
    assert "El plazo es de 3 días hábiles." in told
    assert "se detuvo del 3 de noviembre de 2026 al 4 de noviembre de 2026, mientras se corregía" in told
    assert told.endswith("Por eso vence el 6 de noviembre de 2026.")
    still = Term(MONDAY, MONDAY, 0, "UTC", True, pauses=(Pause(AWAITING_PAYMENT, MONDAY),)).explanation()
    assert still.startswith("Se presentó fuera del horario")
    assert still.endswith("falta el pago.")

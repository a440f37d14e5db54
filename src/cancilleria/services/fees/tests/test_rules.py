"""Amounts: examples, and what holds for every amount, factor and rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.services.fees.rules import (
    DOWN,
    NEAREST,
    UP,
    Conversion,
    NotAnAmount,
    Priced,
    change,
    counted,
    digits,
    in_money,
    minor,
    total,
    typed,
    written,
)

FACTORS = st.decimals("0.0001", "9999", places=4)
STEPS = st.sampled_from([1, 5, 10, 50, 100])
UNITS = st.sampled_from(["unit", "USD", "JPY", "KWD"])


@pytest.mark.parametrize(("unit", "expected"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("unit", 2)])
def test_decimals_are_those_of_the_currency(unit: str, expected: int) -> None:
    assert digits(unit) == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"), [("31.00", "USD", 3100), ("31", "JPY", 31), ("0.125", "KWD", 125)]
)
def test_a_written_amount_is_whole_minor_units(text: str, unit: str, expected: int) -> None:
    assert minor(text, unit) == expected


@pytest.mark.parametrize("text", ["", "x", "-1", "1.005", "NaN", "Infinity", "1e400"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        minor(text, "USD")


def test_people_write_a_comma_or_a_point() -> None:
    assert typed(" 1 250,50 ", "USD") == typed("1250.50", "USD") == 125050


@pytest.mark.parametrize(
    ("rounding", "step", "expected"),
    [(UP, 1, 2031), (DOWN, 1, 2030), (NEAREST, 1, 2030), (UP, 50, 2050), (DOWN, 50, 2000)],
)
def test_a_post_rounds_by_its_rule(rounding: str, step: int, expected: int) -> None:
    assert in_money(1000, Conversion("unit", "USD", Decimal("2.0304"), rounding, step)) == expected


def test_a_currency_without_decimals_takes_whole_units() -> None:
    assert in_money(7000, Conversion("USD", "JPY", Decimal("151.3"), UP, 10)) == 10600


@given(st.integers(0, 10**9), FACTORS, STEPS, UNITS, UNITS)
def test_rounding_never_moves_a_price_by_a_step(
    amount: int, factor: Decimal, step: int, unit: str, currency: str
) -> None:
    exact = Decimal(amount).scaleb(digits(currency) - digits(unit)) * factor
    up, near, down = (in_money(amount, Conversion(unit, currency, factor, r, step)) for r in (UP, NEAREST, DOWN))
    assert down <= exact <= up
    assert up - down in (0, step)
    assert abs(near - exact) * 2 <= step
    assert near in (up, down)
    assert {up % step, near % step, down % step} == {0}


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8), FACTORS, STEPS)
def test_several_fees_add_up_to_the_receipt(amounts: list[int], factor: Decimal, step: int) -> None:
    by = Conversion("unit", "USD", factor, UP, step)
    lines = [Priced("x", "unit", amount, "USD", in_money(amount, by), str(factor), "") for amount in amounts]
    assert total(lines) == sum(line.amount for line in lines)
    assert total(lines) >= in_money(sum(amounts), by)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_change_and_fee_are_what_was_given(due: int, given_: int) -> None:
    if given_ < due:
        with pytest.raises(NotAnAmount):
            change(due, given_)
    else:
        assert due + change(due, given_) == given_


def test_a_count_is_pieces_times_what_each_is_worth() -> None:
    assert counted({10000: 2, 50: 3, 5: 0}) == 20150


@given(st.integers(0, 10**8), UNITS)
def test_what_is_written_can_be_read_again(amount: int, unit: str) -> None:
    plain = str(Decimal(amount).scaleb(-digits(unit)))
    assert minor(plain, unit) == amount
    assert written(amount, unit)


def test_amounts_are_written_as_the_country_does_and_as_the_language_does_elsewhere() -> None:
    assert written(125050, "EUR").replace("\xa0", " ") == "1.250,50 €"
    assert written(125050, "EUR", language="en", country="UT") == "€1,250.50"
    assert written(800, "unidad") == "8.00 unidad"

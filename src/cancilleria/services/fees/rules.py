"""Amounts and prices. Pure: whole numbers of minor units, decimals only as factors, never a binary fraction.

A price stands in a unit: a currency of ISO 4217, or a unit of the tariff's own such as a consular one. A post collects it in
its currency by a dated factor and a rule of rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, list_currencies

# Units that are no currency count in hundredths.
UNIT_DIGITS = 2
MOST = 10**15
CASH, CARD, TRANSFER, GATEWAY, NONE = "cash", "card", "transfer", "gateway", "none"
MEANS = (CASH, CARD, TRANSFER, GATEWAY)
UP, NEAREST, DOWN = "up", "nearest", "down"
ROUNDING: Mapping[str, str] = {UP: ROUND_CEILING, NEAREST: ROUND_HALF_UP, DOWN: ROUND_FLOOR}


class NotAnAmount(ValueError):
    """The text is no amount of that unit: it is not a number, is negative or beyond reason, or has more decimals than the unit."""


@dataclass(frozen=True)
class Conversion:
    """From a unit to a post's currency: `factor` units of money each, rounded to a multiple of `step` minor units."""

    unit: str
    currency: str
    factor: Decimal
    rounding: str = NEAREST
    step: int = 1


@dataclass(frozen=True)
class Priced:
    """One fee as it is charged: the tariff's amount in its unit, and what it comes to in money."""

    key: str
    unit: str
    unit_amount: int
    currency: str
    amount: int
    factor: str
    legal_basis: str


def digits(unit: str) -> int:
    """Decimals of a currency by ISO 4217, or of a unit of the tariff's own."""
    return get_currency_precision(unit) if is_currency(unit) else UNIT_DIGITS


def is_currency(unit: str) -> bool:
    return unit in list_currencies()


def minor(text: str, unit: str) -> int:
    """The minor units of a written amount: `31.00` is 3100. Raises NotAnAmount; nothing is rounded."""
    try:
        scaled = Decimal(text).scaleb(digits(unit))
    except InvalidOperation as error:
        raise NotAnAmount(text) from error
    if not scaled.is_finite() or not 0 <= scaled <= MOST or scaled != scaled.to_integral_value():
        raise NotAnAmount(text)
    return int(scaled)


def typed(text: str, currency: str) -> int:
    """Minor units of what a person typed: a comma or a point may stand before the decimals. Raises NotAnAmount."""
    return minor(text.strip().replace(" ", "").replace(",", "."), currency)


def in_money(amount: int, by: Conversion) -> int:
    """Minor units of money for an amount in minor units of `by.unit`."""
    exact = Decimal(amount).scaleb(digits(by.currency) - digits(by.unit)) * by.factor
    steps = (exact / by.step).to_integral_value(rounding=ROUNDING[by.rounding])
    return int(steps) * by.step


def total(lines: Iterable[Priced]) -> int:
    """What several fees come to: each is rounded on its own, and the sum is exact."""
    return sum(line.amount for line in lines)


def change(due: int, given: int) -> int:
    """What goes back to whoever gave `given`. Raises NotAnAmount when it is not enough."""
    if given < due:
        raise NotAnAmount(str(given))
    return given - due


def counted(pieces: Mapping[int, int]) -> int:
    """What a count of pieces by denomination comes to, in minor units."""
    return sum(denomination * number for denomination, number in pieces.items())


def written(amount: int, unit: str, *, language: str = "es", country: str = "") -> str:
    """An amount as people read it, with its unit."""
    value = Decimal(amount).scaleb(-digits(unit))
    if not is_currency(unit):
        return f"{value} {unit}"
    return str(format_currency(value, unit, locale=_locale(language, country)))


def denominations(found: Sequence[str], currency: str) -> tuple[int, ...]:
    """Written denominations as minor units, the largest first."""
    return tuple(sorted((minor(text, currency) for text in found), reverse=True))


def _locale(language: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{country}" if country else language)
    except UnknownLocaleError:
        return Locale.parse(language)

"""Reads of the tariff: what something costs on a day, at an organ, in its money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import translation

from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.services.fees.models import Dated, Exemption, Means, Rate, TariffLine
from cancilleria.services.fees.rules import CASH, Conversion, Priced, in_money, total, written

Row = TypeVar("Row", bound=Dated)


class NoPrice(LookupError):
    """The tariff has no such line in force, the organ collects no money, or has no factor for the line's unit."""


def in_force(rows: QuerySet[Row], on: date) -> QuerySet[Row]:
    """Rows in force on a day."""
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def means_of(organ: str, on: date) -> list[str]:
    """By what an organ may be paid on a day."""
    found = in_force(Means.objects.filter(organ=organ), on)
    return sorted(found.values_list("means", flat=True))


def currency_of(organ: str, on: date) -> str:
    """The organ's currency on a day. Raises NoPrice when it collects nothing."""
    found = in_force(Means.objects.filter(organ=organ), on).values_list("currency", flat=True).first()
    if found is None:
        raise NoPrice(organ)
    return str(found)


def pieces_of(organ: str, on: date) -> list[int]:
    """Coins and notes an organ counts, the largest first."""
    found = in_force(Means.objects.filter(organ=organ, means=CASH), on).first()
    return sorted(found.pieces, reverse=True) if found else []


def price(keys: Iterable[str], *, organ: str, on: date) -> list[Priced]:
    """What these lines come to at an organ on a day. Raises NoPrice."""
    currency = currency_of(organ, on)
    return [_priced(key, organ, currency, on) for key in keys]


def shown(keys: Sequence[str], *, organ: str, on: date) -> str:
    """The price as people read it, or nothing where it cannot be paid."""
    if not keys:
        return ""
    try:
        found = price(keys, organ=organ, on=on)
    except NoPrice:
        return ""
    return in_words(total(found), found[0].currency)


def where(keys: Sequence[str], on: date) -> list[tuple[str, str]]:
    """Organs where these lines can be paid, with the price in their money."""
    organs = in_force(Means.objects.all(), on).order_by("organ").values_list("organ", flat=True).distinct()
    known = set(Organ.objects.filter(pk__in=list(organs), closed_on=None).values_list("pk", flat=True))
    found = [(organ, shown(keys, organ=organ, on=on)) for organ in organs if organ in known]
    return [(organ, text) for organ, text in found if text]


def exemption_by_answers(keys: Sequence[str], answers: dict[str, str], on: date) -> Exemption | None:
    """The exemption that applies by itself to a request that answers so, when it covers every line."""
    found = in_force(Exemption.objects.exclude(field=""), on).filter(lines__contains=list(keys))
    return next((row for row in found.order_by("key") if answers.get(row.field) == row.value), None)


def exemptions(keys: Sequence[str], on: date) -> list[Exemption]:
    """Exemptions of the law that cover these lines."""
    return list(in_force(Exemption.objects.filter(lines__contains=list(keys)), on).order_by("key"))


def names_of(keys: Iterable[str], on: date) -> dict[str, str]:
    """What lines of the tariff are called, in the reader's language."""
    rows = in_force(TariffLine.objects.filter(key__in=set(keys)), on)
    return {row.key: row.name_en if _english() else row.name_es for row in rows}


def name_of(row: Exemption) -> str:
    return row.name_en if _english() else row.name_es


def in_words(amount: int, unit: str) -> str:
    """An amount as the reader writes it."""
    language = (translation.get_language() or "es")[:2]
    return written(amount, unit, language=language, country=ministry().country)


def _priced(key: str, organ: str, currency: str, on: date) -> Priced:
    line = in_force(TariffLine.objects.filter(key=key), on).first()
    if line is None:
        raise NoPrice(key)
    by = _conversion(line.unit, organ, currency, on)
    amount = line.amount if by is None else in_money(line.amount, by)
    return Priced(
        line.key, line.unit, line.amount, currency, amount, str(by.factor.normalize()) if by else "1", line.legal_basis
    )


def _conversion(unit: str, organ: str, currency: str, on: date) -> Conversion | None:
    if unit == currency:
        return None
    rate = in_force(Rate.objects.filter(organ=organ, unit=unit, currency=currency), on).first()
    if rate is None:
        raise NoPrice(f"{organ}: {unit} > {currency}")
    return Conversion(unit, currency, rate.factor, rate.rounding, rate.step)


def _english() -> bool:
    return (translation.get_language() or "es").startswith("en")

"""Amounts in templates."""

from __future__ import annotations

from django import template

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import Actor
from cancilleria.services.fees import queries
from cancilleria.services.fees.boxes import POWER
from cancilleria.services.fees.models import Order
from cancilleria.services.fees.tariff import in_words

register = template.Library()


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units of a currency, as people read them."""
    return in_words(amount, currency)


@register.simple_tag
def order_of(case: Case) -> Order | None:
    """What the case owes or paid."""
    return queries.live_order(case.pk)


@register.filter
def sees_money_of(actor: Actor, order: Order) -> bool:
    """Whether the order's page is for this officer."""
    return actor.may(POWER, order.organ) or actor.may(queries.READS, order.organ)

"""Amounts in templates."""

from __future__ import annotations

from django import template

from cancilleria.services.fees.tariff import in_words

register = template.Library()


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units of a currency, as people read them."""
    return in_words(amount, currency)

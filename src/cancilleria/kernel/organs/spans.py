"""From when to when somebody stands in for another, and how that ends."""

from __future__ import annotations

from datetime import date

from cancilleria.kernel.organs.models import Cover, Organ, SecondOfficer
from cancilleria.kernel.organs.queries import local_today


class NotServing(ValueError):
    """The officer has no post of their own on that day: nobody covers, or confirms, from nowhere."""


class WrongDays(ValueError):
    """The last day is before the first."""


def in_order(from_date: date, to_date: date | None) -> None:
    """Raise WrongDays when the last day is before the first."""
    if to_date is not None and to_date < from_date:
        raise WrongDays


def end(held: Cover | SecondOfficer, organ: Organ, last_day: date) -> None:
    """Let it end after `last_day`; one that has not begun never does. Raises WrongDays when it is over by then already."""
    if held.from_date > local_today(organ):
        type(held)._default_manager.filter(pk=held.pk).delete()
        held.to_date = held.from_date
        return
    last = max(last_day, held.from_date)
    if held.to_date is not None and held.to_date <= last:
        raise WrongDays
    held.to_date = last
    held.save(update_fields=["to_date"])

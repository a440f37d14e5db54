"""Reads of the network. It is public: whoever looks may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from cancilleria.kernel.organs.calendars import RegistryHours, WorkingCalendar
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import DecreedDay, Organ, OrganName


def organ(key: str) -> Organ:
    """Raises Organ.DoesNotExist."""
    return Organ.objects.get(pk=key)


def open_organs(*, kinds: Sequence[str] = (), on: date | None = None) -> QuerySet[Organ]:
    """Organs open on a day, of the given kinds, in the order of their codes."""
    day = on or timezone.now().date()
    found = Organ.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day), Q(opened_on=None) | Q(opened_on__lte=day))
    return (found.filter(kind__in=kinds) if kinds else found).order_by("code")


def name_of(key: str, *, language: str | None = None, on: date | None = None) -> str:
    """The organ's name in a language (the reader's) on a day (today); Spanish, then the key, when there is none."""
    wanted = language or translation.get_language() or "es"
    day = on or timezone.now().date()
    names = OrganName.objects.filter(
        Q(from_date=None) | Q(from_date__lte=day), Q(to_date=None) | Q(to_date__gte=day), organ=key
    )
    found = {name.language: name.name for name in names}
    return found.get(wanted[:2]) or found.get("es") or key


def names_of(keys: Iterable[str], *, language: str | None = None) -> dict[str, str]:
    """Today's names of many organs at once, as `name_of` gives each."""
    wanted = (language or translation.get_language() or "es")[:2]
    day, among = timezone.now().date(), set(keys)
    names = OrganName.objects.filter(
        Q(from_date=None) | Q(from_date__lte=day), Q(to_date=None) | Q(to_date__gte=day), organ__in=among
    )
    found = {(name.organ_id, name.language): name.name for name in names}
    return {key: found.get((key, wanted)) or found.get((key, "es")) or key for key in among}


def calendar_of(found: Organ) -> WorkingCalendar:
    """Its weekend, its holidays and the days decreed for its calendar."""
    decreed = dict(DecreedDay.objects.filter(calendar=found.calendar).values_list("day", "working"))
    return WorkingCalendar(frozenset(found.weekend), found.calendar, decreed)


def hours_of(found: Organ) -> RegistryHours:
    return RegistryHours(found.zone, found.opens, found.closes)


def local_today(found: Organ) -> date:
    return timezone.now().astimezone(ZoneInfo(found.zone)).date()


def civil_zone() -> str:
    """The zone whose months and years are the ministry's: that of its headquarters."""
    return str(Organ.objects.values_list("zone", flat=True).get(pk=ministry().headquarters))

"""Reads of the network. It is public: whoever looks may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from cancilleria.kernel.organs.calendars import RegistryHours, WorkingCalendar
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Cover, Custody, DecreedDay, Organ, OrganName, Posting, Stamp


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


def current_names() -> dict[str, str]:
    """Today's name of every organ in the reader's language."""
    return names_of(Organ.objects.values_list("key", flat=True))


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


def signature_line_of(actor_key: str) -> str:
    """What stands under an act of that posting or cover; empty for the public and the system."""
    return signature_lines([actor_key]).get(actor_key, "")


def signature_lines(actor_keys: Iterable[str]) -> Mapping[str, str]:
    """The signature line of each posting or cover among these keys: a posting's is its officer's, a cover's is its own."""
    keys = set(actor_keys)
    postings = Posting.objects.filter(pk__in=keys).values_list("pk", "officer__signature_line")
    return {**dict(postings), **dict(Cover.objects.filter(pk__in=keys).values_list("pk", "signature_line"))}


def custodian_of(stamp: Stamp) -> Custody | None:
    """Whoever answers for a stamp now."""
    return stamp.custodies.filter(to_time=None).select_related("posting__officer").first()


def next_closed_days(found: Organ, *, count: int, within: int = 366) -> list[date]:
    """The next days, outside its weekend, on which an organ does not work: holidays and decreed days."""
    calendar, today = calendar_of(found), local_today(found)
    days = (today + timedelta(days=n) for n in range(within))
    closed = (day for day in days if day.isoweekday() not in calendar.weekend and not calendar.is_working(day))
    return [day for day, _ in zip(closed, range(count), strict=False)]

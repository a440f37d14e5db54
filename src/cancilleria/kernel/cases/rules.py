"""The life of a case and its terms. Pure (DECISIONS 17 and 18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cancilleria.kernel.organs.calendars import RegistryHours, WorkingCalendar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SUBMITTED, ADMITTED, DECIDED, NOTIFIED, READY, DELIVERED = (
    "submitted", "admitted", "decided", "notified", "ready", "delivered",
)  # fmt: skip
GRANTED, DENIED = "granted", "denied"

# From a state to those that may follow. Correction, suspension, withdrawal and appeal join this table, not the code.
NEXT: Mapping[str, frozenset[str]] = {
    SUBMITTED: frozenset({ADMITTED}),
    ADMITTED: frozenset({DECIDED}),
    DECIDED: frozenset({NOTIFIED}),
    NOTIFIED: frozenset({READY}),
    READY: frozenset({DELIVERED}),
    DELIVERED: frozenset(),
}
OPEN_STATES = (SUBMITTED, ADMITTED)
STATE_NAMES: Mapping[str, StrOrPromise] = {
    SUBMITTED: _("presentada"),
    ADMITTED: _("en revisión"),
    DECIDED: _("resuelta"),
    NOTIFIED: _("notificada"),
    READY: _("lista para descargar"),
    DELIVERED: _("entregada"),
}
LATE, TODAY = "late", "today"
OUTCOME_NAMES: Mapping[str, StrOrPromise] = {GRANTED: _("concedida"), DENIED: _("denegada")}
CLOCKS = ("organ", "capital", "both")


class CannotFollow(ValueError):
    """The step is not lawful from the case's state: somebody else acted first, or it was done already."""


def step(state: str, to: str) -> str:
    """The new state. Raises CannotFollow."""
    if to not in NEXT[state]:
        raise CannotFollow(f"{state} > {to}")
    return to


@dataclass(frozen=True)
class Term:
    """A term in working days: local dates of `zone`, the day it was filed and the day it falls due."""

    filed_on: date
    due_on: date
    days: int
    zone: str
    after_hours: bool

    def explanation(self) -> str:
        """Why it falls due that day, in plain words."""
        if self.after_hours:
            start = _("Se presentó fuera del horario de atención y cuenta desde el día hábil siguiente.")
        else:
            start = _("Se presentó dentro del horario de atención de la oficina.")
        if self.days == 0:
            return f"{start} {_('Es un trámite del mismo día hábil.')}"
        counted = ngettext("El plazo es de %(n)d día hábil.", "El plazo es de %(n)d días hábiles.", self.days)
        return f"{start} {counted % {'n': self.days}}"


def urgency(state: str, due_on: date, today: date) -> str:
    """LATE, TODAY or nothing: how a case stands that still waits for its decision. `today` is the organ's."""
    if state not in OPEN_STATES or due_on > today:
        return ""
    return LATE if due_on < today else TODAY


def term(at: datetime, days: int, hours: RegistryHours, calendars: Mapping[str, WorkingCalendar], clock: str) -> Term:
    """The term of something filed at instant `at`; `calendars` has the keys organ and capital.

    A day counts if it is working for whoever holds the clock; with `both`, only if it is for the two.
    """
    calendar = calendars["organ"] if clock == "organ" else calendars["capital"]
    if clock == "both":
        calendar = _both(calendars["organ"], calendars["capital"])
    filed = hours.filing_day(at, calendar)
    local = at.astimezone(ZoneInfo(hours.zone)).date()
    return Term(filed, calendar.add_working_days(filed, days), days, hours.zone, filed != local)


def _both(one: WorkingCalendar, other: WorkingCalendar) -> WorkingCalendar:
    def closed(_: str, year: int) -> frozenset[date]:
        return one.holidays_of(one.calendar, year) | other.holidays_of(other.calendar, year)

    decreed = {day: one.is_working(day) and other.is_working(day) for day in {**one.decreed, **other.decreed}}
    return WorkingCalendar(one.weekend | other.weekend, "both", decreed, closed)

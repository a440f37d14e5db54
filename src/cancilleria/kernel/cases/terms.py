"""Terms in working days: when a request falls due, what stopped its clock, and why, in plain words. Pure (DECISIONS 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cancilleria.kernel.cases.rules import AWAITING_BODY, AWAITING_PAYMENT, OBSERVED, SUSPENDED
from cancilleria.kernel.organs.calendars import RegistryHours, WorkingCalendar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CLOCKS = ("organ", "capital", "both")
STOPPED: Mapping[str, StrOrPromise] = {
    OBSERVED: _("El plazo se detuvo del %(start)s al %(end)s, mientras se corregía la solicitud."),
    SUSPENDED: _("El plazo se suspendió del %(start)s al %(end)s."),
    AWAITING_PAYMENT: _("El plazo se detuvo del %(start)s al %(end)s, a la espera del pago."),
    AWAITING_BODY: _("El plazo se detuvo del %(start)s al %(end)s, a la espera de otra entidad."),
}
STILL: Mapping[str, StrOrPromise] = {
    OBSERVED: _("El plazo está detenido desde el %(start)s: falta corregir la solicitud."),
    SUSPENDED: _("El plazo está suspendido desde el %(start)s."),
    AWAITING_PAYMENT: _("El plazo está detenido desde el %(start)s: falta el pago."),
    AWAITING_BODY: _("El plazo está detenido desde el %(start)s: falta la respuesta de otra entidad."),
}


@dataclass(frozen=True)
class Pause:
    """The clock stood from one local day to another, None while it still does; `why` is the state that stopped it."""

    why: str
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Term:
    """A term in working days of `zone`'s organ: filed, due, what was added and what stopped it."""

    filed_on: date
    due_on: date
    days: int
    zone: str
    after_hours: bool
    extended: int = 0
    pauses: tuple[Pause, ...] = ()

    def explanation(self) -> str:
        """Why it falls due that day: sentences for whoever waits."""
        if self.after_hours:
            told = [translate("Se presentó fuera del horario de atención y cuenta desde el día hábil siguiente.")]
        else:
            told = [translate("Se presentó dentro del horario de atención de la oficina.")]
        if self.days == 0:
            told.append(translate("Es un trámite del mismo día hábil."))
        else:
            counted = ngettext("El plazo es de %(n)d día hábil.", "El plazo es de %(n)d días hábiles.", self.days)
            told.append(counted % {"n": self.days})
        if self.extended:
            added = ngettext("Se amplió en %(n)d día hábil.", "Se amplió en %(n)d días hábiles.", self.extended)
            told.append(added % {"n": self.extended})
        told += [_told(pause) for pause in self.pauses]
        if not self.standing:
            told.append(translate("Por eso vence el %(day)s.") % {"day": date_format(self.due_on, "DATE_FORMAT")})
        return " ".join(told)

    @property
    def standing(self) -> bool:
        """Whether the clock stands now."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def as_json(self) -> dict[str, Any]:
        """What a case keeps; `term_from` reads it back."""
        kept = asdict(self) | {"filed_on": self.filed_on.isoformat(), "due_on": self.due_on.isoformat()}
        kept["pauses"] = [[p.why, p.start.isoformat(), p.end.isoformat() if p.end else None] for p in self.pauses]
        return kept


def term_from(kept: Mapping[str, Any]) -> Term:
    """The term a case keeps, of any version of this code."""
    pauses = tuple(
        Pause(why, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for why, start, end in kept.get("pauses", [])
    )
    filed_on, due_on = (date.fromisoformat(kept[name]) for name in ("filed_on", "due_on"))
    extended = kept.get("extended", 0)
    return Term(filed_on, due_on, kept["days"], kept["zone"], kept["after_hours"], extended, pauses)


def begin(at: datetime, days: int, hours: RegistryHours, calendar: WorkingCalendar) -> Term:
    """The term of something filed at instant `at`."""
    filed = hours.filing_day(at, calendar)
    local = at.astimezone(ZoneInfo(hours.zone)).date()
    return Term(filed, calendar.add_working_days(filed, days), days, hours.zone, filed != local)


def pause(term: Term, why: str, on: date) -> Term:
    """The clock stops on local day `on`."""
    return replace(term, pauses=(*term.pauses, Pause(why, on)))


def resume(term: Term, on: date, calendar: WorkingCalendar) -> Term:
    """The clock goes on from local day `on`, with the days that were left."""
    last = replace(term.pauses[-1], end=on)
    return recount(replace(term, pauses=(*term.pauses[:-1], last)), calendar)


def extend(term: Term, days: int, calendar: WorkingCalendar) -> Term:
    """`days` working days more."""
    return recount(replace(term, extended=term.extended + days), calendar)


def recount(term: Term, calendar: WorkingCalendar) -> Term:
    """The term counted again by a calendar: after a pause, an extension, or a day decreed later.

    The day on which the clock stops counts as used, the day on which it goes on does not. What was late before it stopped
    stays late. A clock that stopped and went on before it began, because of hours or a closed day, begins when it would have.
    """
    start, left, due = term.filed_on, term.days + term.extended, None
    for stop in term.pauses:
        used = calendar.working_days_between(start, stop.start)
        if used > left or (due is None and stop.start > calendar.add_working_days(start, left)):
            due = calendar.add_working_days(start, left)
            break
        if stop.end is None:
            break
        start, left = max(start, stop.end), left - used
    return replace(term, due_on=due or calendar.add_working_days(start, left))


def used_days(term: Term, until: date, calendar: WorkingCalendar) -> int:
    """Working days the clock ran from filing to `until`, pauses left out."""
    total = calendar.working_days_between(term.filed_on, until)
    for stop in term.pauses:
        stood = max(stop.start, term.filed_on)
        total -= calendar.working_days_between(stood, min(stop.end or until, until))
    return max(total, 0)


def both(one: WorkingCalendar, other: WorkingCalendar) -> WorkingCalendar:
    """The calendar of days that are working for the two."""

    def closed(_: str, year: int) -> frozenset[date]:
        return one.holidays_of(one.calendar, year) | other.holidays_of(other.calendar, year)

    decreed = {day: one.is_working(day) and other.is_working(day) for day in {**one.decreed, **other.decreed}}
    return WorkingCalendar(one.weekend | other.weekend, "both", decreed, closed)


def clock_of(kind: str, calendars: Mapping[str, WorkingCalendar]) -> WorkingCalendar:
    """Whose days count: of the keys `organ` and `capital`, or the days that are working for both."""
    return both(calendars["organ"], calendars["capital"]) if kind == "both" else calendars[kind]


def last_day_to_answer(
    on: date, days: int, calendar: WorkingCalendar, distance: Mapping[str, int], country: str
) -> date:
    """Until when a person may answer: `days` of the norm and the term of distance of the country they live in."""
    return calendar.add_working_days(on, days + distance.get(country, distance.get("*", 0)))


def _told(stop: Pause) -> str:
    days = {"start": date_format(stop.start, "DATE_FORMAT")}
    if stop.end is None:
        return str(STILL[stop.why]) % days
    return str(STOPPED[stop.why]) % (days | {"end": date_format(stop.end, "DATE_FORMAT")})

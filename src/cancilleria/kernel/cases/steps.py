"""One step of a case's life, under its row's lock. Only actions call these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.doors import notices
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.norms import Norm
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import ADMITTED, ChangedMeanwhile, step
from cancilleria.kernel.cases.terms import Term, begin, clock_of, resume, term_from
from cancilleria.kernel.cases.verbs import OfProcedure, Resumed
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.calendars import WorkingCalendar
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import calendar_of, hours_of, local_today
from cancilleria.kernel.people.actions import find_or_create_person, note_contact
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Facts, Verb

PERSON_FIELDS = ("given_names", "first_surname", "second_surname", "document_kind", "document_number", "issuing_state")


def locked(case: Case, seen: int | None = None) -> Case:
    """The case as it stands, its row locked. Raises ChangedMeanwhile when it is not as the officer saw it."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    if seen is not None and seen != held.revision:
        raise ChangedMeanwhile(seen, held.revision)
    return held


def authorise(actor: Actor, case: Case) -> None:
    """Raise NotAuthorised unless the actor decides such cases at the organ that has it; appeals have a power of their own."""
    procedure = procedures.get(case.procedure)
    require(actor, procedure.appeal_power if case.appeals_id else procedure.decide_power, case.organ)


def advance(
    actor: Actor, case: Case, verb: Verb, facts: Facts, *, to: str = "", seen: int | None = None,
    private: Mapping[str, object] | None = None, term: Term | None = None, **columns: object,
) -> Recorded:  # fmt: skip
    """Record an act on a case and write what it changes; with `to`, go to that state.

    Raises CannotFollow when the step is not lawful from where the case is, ChangedMeanwhile when it is not as seen.
    """
    held = locked(case, seen)
    if to:
        columns["state"] = step(held.state, to)
    if term is not None:
        columns |= {"due_on": term.due_on, "term": held.term | term.as_json()}
    columns["revision"] = held.revision + 1
    recorded = record(
        verb, organ=held.organ, zone=held.zone, actor=actor.key, facts=facts, private=private,
        subjects=[f"case:{held.pk}"],
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**columns)
    for name, value in columns.items():
        setattr(case, name, value)
    return recorded


def go_on(
    actor: Actor, held: Case, case: Case, verb: Verb, *, private: Mapping[str, object] | None = None, **columns: Any
) -> Recorded:
    """A paused case goes back to where it was, with the days that were left."""
    term = resume(term_from(held.term), today_of(held), calendar_for(held))
    state = held.back or ADMITTED
    facts = Resumed(procedure=held.procedure, state=state)
    return advance(
        actor, case, verb, facts, to=state, private=private, term=term, back="", asked_reason="", **columns
    )  # fmt: skip


def applicant_of(actor: Actor, answers: Mapping[str, str], organ: Organ) -> Person | None:
    """The person these answers name by an identity document, registered with their contact if unknown; None without one."""
    found = {name: answers.get(name, "") for name in PERSON_FIELDS}
    if not found["document_number"]:
        return None
    where = {"organ": organ.key, "zone": organ.zone}
    person = find_or_create_person(actor=actor, **where, **found)
    if email := answers.get("email", ""):
        note_contact(actor=actor, **where, person=person, kind="email", value=email)
    return person


def of_procedure(case: Case) -> OfProcedure:
    return OfProcedure(procedure=case.procedure)


def first_term(organ: Organ, capital: str, days: int, norm: Norm) -> Term:
    """The term of something filed now at an organ."""
    calendars = {"organ": calendar_of(organ), "capital": calendar_of(Organ.objects.get(pk=capital))}
    return begin(timezone.now(), days, hours_of(organ), clock_of(norm.clock, calendars))


def calendar_for(case: Case) -> WorkingCalendar:
    """The days that count for its term: those of whoever holds the clock (DECISIONS 17)."""
    capital = case.term.get("capital", case.organ)
    calendars = {
        name: calendar_of(Organ.objects.get(pk=key)) for name, key in (("organ", case.organ), ("capital", capital))
    }
    return clock_of(queries.norm_of(case.version).clock, calendars)


def today_of(case: Case) -> date:
    """Today where the case is."""
    return local_today(Organ.objects.get(pk=case.organ))


def filed_locally(case: Case) -> date:
    return timezone.localtime(case.filed_at, queries.zone_of(case)).date()


def tell(case: Case, kind: str) -> str:
    """Put a notice in the outbox; returns the channel it leaves by."""
    return notices().send(kind, case=str(case.pk), recipient=case.contact, language=case.language)

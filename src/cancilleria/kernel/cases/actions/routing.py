"""Who has a case: which officer, which office; and what they write to one another."""

from __future__ import annotations

from django.db import transaction

from cancilleria.kernel.cases import queries, steps, verbs
from cancilleria.kernel.cases.models import Case, Note
from cancilleria.kernel.cases.rules import OPEN_STATES, CannotFollow
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ, Posting
from cancilleria.kernel.people.actions import share_person


class NotThere(ValueError):
    """The officer does not serve where the case is, or the office does not exist or is closed."""


@transaction.atomic
def assign_case(*, actor: Actor, case: Case, posting: str, seen: int | None = None) -> Case:
    """Give the case to an officer of its office. Anybody who sees the office's cases may. Raises NotThere."""
    require(actor, queries.TRAY_POWER, case.organ)
    if not Posting.objects.filter(pk=posting, post__organ=case.organ, to_date=None).exists():
        raise NotThere(posting)
    facts = verbs.Moved(procedure=case.procedure, to=posting)
    steps.advance(actor, case, verbs.CASE_ASSIGNED, facts, seen=seen, officer=posting)
    return case


@transaction.atomic
def route_case(*, actor: Actor, case: Case, organ: str, reason: str, seen: int | None = None) -> Case:
    """Pass an open case to the office that is competent; its number stays. Raises NotThere, CannotFollow."""
    steps.authorise(actor, case)
    if case.state not in OPEN_STATES:
        raise CannotFollow(f"{case.state} is not passed on")
    if organ == case.organ or not Organ.objects.filter(pk=organ, closed_on=None).exists():
        raise NotThere(organ)
    if case.applicant_id:
        share_person(actor=actor, organ=case.organ, zone=case.zone, person=case.applicant_id, to=organ)
    facts = verbs.Moved(procedure=case.procedure, to=organ)
    steps.advance(actor, case, verbs.CASE_ROUTED, facts, seen=seen, private={"reason": reason}, organ=organ, officer="")
    return case


@transaction.atomic
def note_case(*, actor: Actor, case: Case, text: str) -> Note:
    """Write something for the others who work on the case. Anybody who sees the office's cases may."""
    require(actor, queries.TRAY_POWER, case.organ)
    recorded = steps.advance(actor, case, verbs.CASE_NOTED, steps.of_procedure(case), private={"text": text})
    return Note.objects.create(case=case, entry_id=recorded.id, text=text)

"""What an office does with a case: admit, decide, tell; and what whoever asked may do: withdraw, appeal."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.cases import clock, queries, steps, verbs
from cancilleria.kernel.cases.doors import fees
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import (
    ADMITTED,
    DECIDED,
    DENIED,
    GRANTED,
    NOTIFIED,
    PAUSED,
    SUBMITTED,
    WITHDRAWN,
    CannotFollow,
)
from cancilleria.kernel.cases.terms import term_from, used_days
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.actions import share_person
from cancilleria.kernel.register.actions import record


@transaction.atomic
def admit_case(*, actor: Actor, case: Case, seen: int | None = None) -> Case:
    """Admit a request to processing; the officer takes it. Needs the procedure's power at the case's organ."""
    steps.authorise(actor, case)
    steps.advance(actor, case, verbs.CASE_ADMITTED, steps.of_procedure(case), to=ADMITTED, seen=seen, officer=actor.key)
    return case


@transaction.atomic
def decide_case(*, actor: Actor, case: Case, outcome: str, reason: str = "", seen: int | None = None) -> Case:
    """Decide, with the reason when it is against whoever asked, and notify.

    A request not yet admitted is admitted by the same officer. Nothing is granted or denied while the clock stands:
    CannotFollow. A granted appeal opens the case it reviews again.
    """
    steps.authorise(actor, case)
    held = steps.locked(case, seen)
    merits = outcome in (GRANTED, DENIED)
    if merits and held.state in PAUSED:
        raise CannotFollow(f"{held.state}: {outcome}")
    if merits and held.state == SUBMITTED:
        admit_case(actor=actor, case=case)
    settle_case(actor=actor, case=case, outcome=outcome, reason=reason)
    if outcome == GRANTED and case.appeals is not None:
        _reopen(actor, case.appeals)
    return case


@transaction.atomic
def withdraw_case(*, actor: Actor, case: Case, reason: str = "") -> Case:
    """Whoever asked no longer wants it: they showed number and code."""
    return settle_case(actor=actor, case=case, outcome=WITHDRAWN, reason=reason)


@transaction.atomic
def settle_case(*, actor: Actor, case: Case, outcome: str, reason: str) -> Case:
    """End a case with an outcome and tell whoever asked. Who may is for the caller to have checked."""
    term, today = term_from(case.term), steps.today_of(case)
    facts = verbs.Decided(
        procedure=case.procedure, outcome=outcome, days=used_days(term, today, steps.calendar_for(case)),
        in_term=today <= case.due_on, same_day=today == steps.filed_locally(case),
    )  # fmt: skip
    steps.advance(
        actor, case, verbs.CASE_DECIDED, facts, to=DECIDED, private={"reason": reason}, outcome=outcome, reason=reason
    )
    fees().ended(actor=actor, case=case)
    return notify_case(actor=actor, case=case)


@transaction.atomic
def notify_case(*, actor: Actor, case: Case) -> Case:
    """Tell the applicant what was decided, through the outbox."""
    channel = steps.tell(case, f"decided.{case.outcome}")
    facts = verbs.Told(procedure=case.procedure, channel=channel)
    steps.advance(actor, case, verbs.CASE_NOTIFIED, facts, to=NOTIFIED, notified_on=steps.today_of(case))
    return case


@transaction.atomic
def appeal_case(*, actor: Actor, case: Case, grounds: str) -> Case:
    """Ask the organ above to review an adverse decision, or what silence denied: a linked case with number and term.

    Raises CannotFollow when there is nothing to appeal, it was appealed already, or the days to do so are over.
    """
    held = steps.locked(case)
    if not clock.may_appeal(held, steps.today_of(held)):
        raise CannotFollow("nothing to appeal, or no longer")
    norm = queries.norm_of(held.version)
    below = Organ.objects.get(pk=held.organ)
    organ = Organ.objects.get(pk=norm.appeal_organ or below.parent_id or below.key)
    capital = held.term.get("capital", organ.key)
    term, case_id = steps.first_term(organ, capital, norm.appeal_term_days, norm), uuid7()
    if held.applicant_id:
        share_person(actor=actor, organ=below.key, zone=below.zone, person=held.applicant_id, to=organ.key)
    recorded = record(
        verbs.CASE_APPEALED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.OfVersion(procedure=held.procedure, version=held.version.number), private={"grounds": grounds},
        subjects=[f"case:{case_id}", f"case:{held.pk}"],
    )  # fmt: skip
    appeal = Case.objects.create(
        id=case_id, procedure=held.procedure, version=held.version, organ=organ.key, entry_id=recorded.id,
        applicant_id=held.applicant_id, contact=held.contact, language=held.language, answers={"grounds": grounds},
        state=SUBMITTED, filed_at=timezone.now(), filed_on=term.filed_on, due_on=term.due_on, zone=organ.zone,
        term=term.as_json() | {"capital": capital}, appeals=held,
    )  # fmt: skip
    steps.tell(appeal, "received")
    return appeal


def _reopen(actor: Actor, case: Case) -> None:
    """A case whose decision fell: it is decided again, in a new term. One that silence denied was open all along."""
    if steps.locked(case).state != NOTIFIED:
        return
    norm, organ = queries.norm_of(case.version), Organ.objects.get(pk=case.organ)
    term = steps.first_term(organ, case.term.get("capital", organ.key), norm.term_days, norm)
    steps.advance(
        actor, case, verbs.CASE_REOPENED, steps.of_procedure(case), to=ADMITTED, term=term, outcome="", reason="",
        lapsed=False,
    )  # fmt: skip
    steps.tell(case, "reopened")

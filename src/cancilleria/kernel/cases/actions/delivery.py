"""The deliverable: ready, handed over, not claimed, destroyed."""

from __future__ import annotations

from django.db import transaction

from cancilleria.kernel.cases import steps, verbs
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import COUNTER, PORTAL
from cancilleria.kernel.cases.rules import DELIVERED, DESTROYED, READY
from cancilleria.kernel.organs.authority import Actor


@transaction.atomic
def make_ready(*, actor: Actor, case: Case) -> Case:
    """The deliverable exists: tell the applicant where to get it."""
    steps.tell(case, "ready")
    today = steps.today_of(case)
    steps.advance(actor, case, verbs.CASE_READY, steps.of_procedure(case), to=READY, ready_on=today)
    return case


@transaction.atomic
def deliver_case(*, actor: Actor, case: Case, to: str = "") -> Case:
    """The first delivery: to whoever showed number and code, or at the counter to the person named `to`.

    Later ones change nothing and record nothing. At the counter it needs the procedure's power.
    """
    if to:
        steps.authorise(actor, case)
    if steps.locked(case).state == DELIVERED:
        return case
    facts = verbs.Told(procedure=case.procedure, channel=COUNTER if to else PORTAL)
    steps.advance(actor, case, verbs.CASE_DELIVERED, facts, to=DELIVERED, private={"to": to} if to else None)
    return case


@transaction.atomic
def destroy_unclaimed(*, actor: Actor, case: Case, reason: str, seen: int | None = None) -> Case:
    """Destroy a document nobody came for, with the reason of the minutes. Needs the procedure's power."""
    steps.authorise(actor, case)
    steps.advance(
        actor, case, verbs.CASE_DESTROYED, steps.of_procedure(case), to=DESTROYED, seen=seen, private={"reason": reason}
    )
    return case

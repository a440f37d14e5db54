"""What a case owes stops its clock until it is settled. The fees' service says when; nobody does by hand."""

from __future__ import annotations

from django.db import transaction

from cancilleria.kernel.cases import steps, verbs
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import AWAITING_PAYMENT, RUNNING, CannotFollow
from cancilleria.kernel.cases.terms import pause, term_from
from cancilleria.kernel.organs.authority import Actor


@transaction.atomic
def await_fee(*, actor: Actor, case: Case) -> Case:
    """The clock stops until what was ordered is paid; whoever asked is told. Raises CannotFollow when it does not run."""
    held = steps.locked(case)
    if held.state not in RUNNING:
        raise CannotFollow(f"{held.state}: nothing to wait for")
    steps.advance(
        actor, case, verbs.CASE_PAUSED, verbs.Paused(procedure=held.procedure, why=AWAITING_PAYMENT), to=AWAITING_PAYMENT,
        term=pause(term_from(held.term), AWAITING_PAYMENT, steps.today_of(held)), back=held.state, asked_reason="",
    )  # fmt: skip
    steps.tell(case, AWAITING_PAYMENT)
    return case


@transaction.atomic
def settle_fee(*, actor: Actor, case: Case) -> Case:
    """What the case owed is settled: if it waited for that, it goes on with the days that were left.

    Who takes money answers for it to the fees' service: no power over the case is asked.
    """
    held = steps.locked(case)
    if held.state == AWAITING_PAYMENT:
        steps.go_on(actor, held, case, verbs.CASE_RESUMED)
    return case

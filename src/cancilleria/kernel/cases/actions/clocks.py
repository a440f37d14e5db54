"""What the passing of time does to a case by itself, as the norm says: abandonment, silence, unclaimed, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from cancilleria.kernel.cases import clock, steps, verbs
from cancilleria.kernel.cases.actions.decision import settle_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import ABANDONED, BY_SILENCE, CLOSED, UNCLAIMED
from cancilleria.kernel.organs.authority import Actor


@transaction.atomic
def expire_case(*, actor: Actor, case: Case) -> str:
    """Do to a case what time has brought, if anything; returns what: abandon, grant, lapse, unclaim, close or nothing."""
    held = steps.locked(case)
    brought = clock.brought_by_time(held, steps.today_of(held))
    if brought:
        BROUGHT[brought](actor, held)
    return brought


def _abandon(actor: Actor, case: Case) -> None:
    settle_case(actor=actor, case=case, outcome=ABANDONED, reason="")


def _grant(actor: Actor, case: Case) -> None:
    settle_case(actor=actor, case=case, outcome=BY_SILENCE, reason="")


def _lapse(actor: Actor, case: Case) -> None:
    steps.advance(actor, case, verbs.CASE_LAPSED, steps.of_procedure(case), lapsed=True)
    steps.tell(case, "lapsed")


def _unclaim(actor: Actor, case: Case) -> None:
    steps.advance(actor, case, verbs.CASE_UNCLAIMED, steps.of_procedure(case), to=UNCLAIMED)


def _close(actor: Actor, case: Case) -> None:
    steps.advance(actor, case, verbs.CASE_CLOSED, steps.of_procedure(case), to=CLOSED)


BROUGHT: Mapping[str, Callable[[Actor, Case], None]] = {
    "abandon": _abandon, "grant": _grant, "lapse": _lapse, "unclaim": _unclaim, "close": _close,
}  # fmt: skip

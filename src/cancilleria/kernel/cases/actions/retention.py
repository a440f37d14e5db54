"""What is past its time is proposed by the system, asked for by one officer and confirmed by another; a hold stops it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.cases import data_verbs as verbs
from cancilleria.kernel.cases.actions.erasure import destroy_files, dispose_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.retention import MOST, Retention, due
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import NeedsSecond, Overtaken, Seconded
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import Entry, Hold
from cancilleria.kernel.register.models.keeping import ERASED


class HoldReasonMissing(ValueError):
    """A case is held, and freed, for a reason."""


@transaction.atomic
def note_due(*, actor: Actor, rule: Retention, organ: Organ) -> Recorded | None:
    """Propose what is past its time at an organ, once a month. None when there is nothing, or it was told this month."""
    subject = f"retention:{rule.key}:{timezone.now():%Y-%m}"
    if Entry.objects.filter(subjects__contains=[subject], organ=organ.key, verb=verbs.RETENTION_DUE.code).exists():
        return None
    waiting = due(rule, organ.key)[:MOST].count()
    if not waiting:
        return None
    facts = verbs.Waiting(rule=rule.key, cases=waiting)
    return record(
        verbs.RETENTION_DUE, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, subjects=[subject]
    )


@transaction.atomic
def apply_retention(
    *, actor: Actor, rule: Retention, organ: Organ, until: date, seconded: Seconded | None = None
) -> Recorded:
    """Dispose of the cases of a class that were past their time on the day it was asked, at most MOST at once.

    Always takes two persons. Needs `retention.applied` at the organ. Entries, numbers and facts stay, and each case stays as a
    stub. Raises Overtaken when none is left.
    """
    require(actor, verbs.RETENTION_APPLIED.code, organ.key)
    if seconded is None:
        raise NeedsSecond(verbs.RETENTION_APPLIED.code)
    cases = list(due(rule, organ.key, today=until)[:MOST])
    if not cases:
        raise Overtaken
    files = sum(_dispose(actor, rule, case, seconded) for case in cases)
    facts = verbs.Disposal(rule=rule.key, disposal=rule.disposal, cases=len(cases), files=files)
    return record(
        verbs.RETENTION_APPLIED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
        subjects=[f"retention:{rule.key}"],
    )  # fmt: skip


@transaction.atomic
def hold_case(*, actor: Actor, case: Case, reason: str) -> Recorded:
    """Keep a case from being disposed of, whatever its class says. Needs `hold.placed`. Held already: IntegrityError."""
    require(actor, verbs.HOLD_PLACED.code, case.organ)
    recorded = record(
        verbs.HOLD_PLACED, organ=case.organ, zone=case.zone, actor=actor.key, private={"reason": _reason(reason)},
        subjects=[f"case:{case.pk}"],
    )  # fmt: skip
    Hold.objects.create(subject=f"case:{case.pk}", entry_id=recorded.id)
    return recorded


@transaction.atomic
def lift_hold(*, actor: Actor, case: Case, reason: str) -> Recorded:
    """Free a held case. Needs `hold.lifted` at its organ. Raises Overtaken when nothing holds it."""
    require(actor, verbs.HOLD_LIFTED.code, case.organ)
    recorded = record(
        verbs.HOLD_LIFTED, organ=case.organ, zone=case.zone, actor=actor.key, private={"reason": _reason(reason)},
        subjects=[f"case:{case.pk}"],
    )  # fmt: skip
    if not Hold.objects.filter(subject=f"case:{case.pk}", lifted=None).update(lifted=recorded.id):
        raise Overtaken
    return recorded


def _dispose(actor: Actor, rule: Retention, case: Case, seconded: Seconded) -> int:
    if rule.disposal != ERASED:
        return destroy_files(actor=actor, case=case, cause=rule.key, seconded=seconded)
    return dispose_case(actor=actor, case=case, seconded=seconded)


def _reason(text: str) -> str:
    if not text.strip():
        raise HoldReasonMissing
    return text.strip()

"""Who confirms, from another office, the acts of two persons."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, in_force, require
from cancilleria.kernel.organs.models import Organ, Posting, SecondOfficer
from cancilleria.kernel.organs.spans import NotServing, WrongDays, end, in_order
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Verb


@transaction.atomic
def name_second(
    *, actor: Actor, organ: Organ, posting: Posting, from_date: date, to_date: date | None = None
) -> SecondOfficer:
    """Let an officer who serves elsewhere confirm the two-person acts of an organ. Needs `second.named` at that organ.

    Raises NotServing for a posting that is over by then, WrongDays.
    """
    require(actor, verbs.SECOND_NAMED.code, organ.key)
    in_order(from_date, to_date)
    if not Posting.objects.filter(in_force(from_date), pk=posting.pk).exists():
        raise NotServing(posting.key)
    second = SecondOfficer.objects.create(organ=organ, posting=posting, from_date=from_date, to_date=to_date)
    _record_second(verbs.SECOND_NAMED, actor, second)
    return second


@transaction.atomic
def end_second(*, actor: Actor, second: SecondOfficer, last_day: date) -> SecondOfficer:
    """From the day after `last_day` the officer confirms no more there. Needs `second.named`.

    One that has not begun never does. Raises WrongDays when it is over by then already.
    """
    require(actor, verbs.SECOND_NAMED.code, second.organ_id)
    found = SecondOfficer.objects.select_for_update(of=("self",)).select_related("organ", "posting")
    held = found.filter(pk=second.pk).first()
    if held is None:
        raise WrongDays
    end(held, held.organ, last_day)
    _record_second(verbs.SECOND_ENDED, actor, held)
    return held


def _record_second(verb: Verb, actor: Actor, second: SecondOfficer) -> Recorded:
    organ = second.organ
    facts = verbs.Seconding(
        posting=second.posting_id,
        start=second.from_date.isoformat(),
        end=second.to_date.isoformat() if second.to_date else "",
    )
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
        subjects=[second.posting.officer_id, second.posting_id],
    )  # fmt: skip

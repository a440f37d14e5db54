"""Contingency pads: delivered, used by an act that is entered later, spoiled. Every slip is answered for."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import Late, slip_name
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import FOLLOWS, Entry, Pad, Slip
from cancilleria.kernel.register.models.keeping import BLANK, SPOILED, USED

MOST = 1_000


class SlipTaken(ValueError):
    """The slip is not blank any more, or is of another office's pad."""


class NotThen(ValueError):
    """The act cannot have been done at that time: it is to come, or before the pad was delivered."""


class WhyMissing(ValueError):
    """What is entered late, or spoiled, says why."""


@transaction.atomic
def deliver_pad(*, actor: Actor, organ: Organ, name: str, first: int, count: int) -> Pad:
    """Give an office a pad of numbered slips. Needs `pad.delivered` at the office.

    `name` stands before each number and is never used twice (IntegrityError). Raises ValueError for none or more than MOST.
    """
    require(actor, verbs.PAD_DELIVERED.code, organ.key)
    if not 0 < count <= MOST or first < 1:
        raise ValueError(f"{count} slips from {first}")
    facts = verbs.PadFacts(pad=name, first=first, last=first + count - 1)
    pad_id = uuid7()
    recorded = record(
        verbs.PAD_DELIVERED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, subjects=[f"pad:{pad_id}"]
    )
    pad = Pad.objects.create(
        id=pad_id, organ=organ.key, name=name, first=first, last=facts.last, entry_id=recorded.id
    )  # fmt: skip
    Slip.objects.bulk_create(Slip(id=uuid7(), pad=pad, number=number) for number in range(first, facts.last + 1))
    return pad


@transaction.atomic
def use_slip(*, actor: Actor, late: Late, act: Entry) -> Recorded:
    """Join an act entered later to the slip it was done on. Whoever records the act has checked the authority.

    Raises SlipTaken, NotThen, WhyMissing.
    """
    if not late.reason.strip():
        raise WhyMissing
    # What is written by hand on a slip is known to the minute.
    delivered = late.slip.pad.entry.performed_at.replace(second=0, microsecond=0)
    if not delivered <= late.performed_at <= timezone.now():
        raise NotThen
    blank = Slip.objects.filter(pk=late.slip.pk, state=BLANK, pad__organ=act.organ)
    if not blank.update(state=USED, act=act, sheet=late.sheet):
        raise SlipTaken(slip_name(late.slip))
    return record(
        verbs.SLIP_USED, organ=act.organ, zone=act.zone, actor=actor.key, facts=verbs.SlipFacts(slip=slip_name(late.slip)),
        private={"reason": late.reason.strip()}, documents=[late.digest], relation=(FOLLOWS, act.pk),
        subjects=[*(key for key in act.subjects if key.startswith("case:")), f"pad:{late.slip.pad_id}"],
    )  # fmt: skip


@transaction.atomic
def spoil_slip(*, actor: Actor, slip: Slip, reason: str) -> Recorded:
    """Write a blank slip off: torn, wet, or wrongly filled in. Needs `slip.spoiled` at its office."""
    organ = Organ.objects.get(pk=slip.pad.organ)
    require(actor, verbs.SLIP_SPOILED.code, organ.key)
    if not reason.strip():
        raise WhyMissing
    if not Slip.objects.filter(pk=slip.pk, state=BLANK).update(state=SPOILED):
        raise SlipTaken(slip_name(slip))
    return record(
        verbs.SLIP_SPOILED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.SlipFacts(slip=slip_name(slip)), private={"reason": reason.strip()}, subjects=[f"pad:{slip.pad_id}"],
    )  # fmt: skip

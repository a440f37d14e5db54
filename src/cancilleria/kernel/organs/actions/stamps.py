"""Stamps, and who answers for each."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Custody, Organ, Posting, Stamp
from cancilleria.kernel.organs.models.keeping import IN_USE, LOST, RETIRED
from cancilleria.kernel.organs.queries import custodian_of
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Facts, Verb


class NotInUse(ValueError):
    """The stamp was lost or retired: nobody receives it any more."""


class Elsewhere(ValueError):
    """A stamp is entrusted only to whoever serves in its organ today."""


@transaction.atomic
def register_stamp(*, actor: Actor, organ: Organ, kind: str, label: str, imprint: str) -> Stamp:
    """Take a stamp into the organ's inventory. Needs `stamp.registered` there. Two labels alike are refused by the database."""
    require(actor, verbs.STAMP_REGISTERED.code, organ.key)
    stamp = Stamp.objects.create(key=f"stamp:{uuid.uuid4()}", organ=organ, kind=kind, label=label, imprint=imprint)
    _record(verbs.STAMP_REGISTERED, actor, stamp, _facts(stamp))
    return stamp


@transaction.atomic
def entrust_stamp(*, actor: Actor, stamp: Stamp, posting: Posting) -> Custody:
    """Give a stamp to an officer of its organ, who answers for it from now on; whoever had it no longer does.

    Needs `stamp.entrusted` there. Raises NotInUse, Elsewhere. Whoever has it already keeps it and nothing is recorded.
    """
    require(actor, verbs.STAMP_ENTRUSTED.code, stamp.organ_id)
    held = _in_use(stamp)
    before = custodian_of(held)
    if before is not None and before.posting_id == posting.pk:
        return before
    if posting.post.organ_id != held.organ_id or posting.to_date is not None:
        raise Elsewhere(posting.key)
    now = timezone.now()
    held.custodies.filter(to_time=None).update(to_time=now)
    custody = Custody.objects.create(stamp=held, posting=posting, from_time=now)
    facts = verbs.Entrusted(stamp=held.key, posting=posting.key)
    _record(verbs.STAMP_ENTRUSTED, actor, held, facts, posting.key)
    return custody


@transaction.atomic
def report_stamp_lost(*, actor: Actor, stamp: Stamp, reason: str) -> Stamp:
    """Report a stamp lost or stolen. Its custodian may, and who holds `stamp.lost` there. Raises NotInUse."""
    custody = custodian_of(stamp)
    if custody is None or custody.posting_id != actor.key:
        require(actor, verbs.STAMP_LOST.code, stamp.organ_id)
    return _end(actor, stamp, LOST, verbs.STAMP_LOST, reason)


@transaction.atomic
def retire_stamp(*, actor: Actor, stamp: Stamp, reason: str) -> Stamp:
    """Take a stamp out of use, with the record of its destruction or return. Needs `stamp.retired`. Raises NotInUse."""
    require(actor, verbs.STAMP_RETIRED.code, stamp.organ_id)
    return _end(actor, stamp, RETIRED, verbs.STAMP_RETIRED, reason)


def _end(actor: Actor, stamp: Stamp, state: str, verb: Verb, reason: str) -> Stamp:
    held = _in_use(stamp)
    held.custodies.filter(to_time=None).update(to_time=timezone.now())
    Stamp.objects.filter(pk=held.pk).update(state=state)
    held.state = state
    _record(verb, actor, held, _facts(held), reason=reason)
    return held


def _in_use(stamp: Stamp) -> Stamp:
    held = Stamp.objects.select_for_update(of=("self",)).select_related("organ").get(pk=stamp.pk)
    if held.state != IN_USE:
        raise NotInUse(held.key)
    return held


def _facts(stamp: Stamp) -> verbs.StampFacts:
    return verbs.StampFacts(stamp=stamp.key, kind=stamp.kind)


def _record(verb: Verb, actor: Actor, stamp: Stamp, facts: Facts, *about: str, reason: str = "") -> Recorded:
    return record(
        verb, organ=stamp.organ_id, zone=stamp.organ.zone, actor=actor.key, facts=facts,
        private={"reason": reason} if reason else None, subjects=[stamp.key, *about],
    )  # fmt: skip

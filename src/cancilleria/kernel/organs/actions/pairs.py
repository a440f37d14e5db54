"""Acts of two persons: asked for, confirmed by another, or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs import pairs, verbs
from cancilleria.kernel.organs.authority import Actor, NotAuthorised, actor_of_key, require
from cancilleria.kernel.organs.models import Organ, Proposal
from cancilleria.kernel.organs.models.keeping import DECLINED, OPEN, SECONDED
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import FOLLOWS
from cancilleria.kernel.register.verbs import Verb


@transaction.atomic
def propose_act(
    *, actor: Actor, verb: str, organ: Organ, subject: str, arguments: Mapping[str, str], about: Sequence[str] = ()
) -> Proposal:
    """Ask for an act that another person has to confirm; nothing of it happens yet.

    Needs the act's own power at the organ. The same person asking again for the same gets the proposal that is open; anything
    else about the same subject raises AlreadyAsked. `about` are further subjects whose history tells it.
    """
    require(actor, verb, organ.key)
    pairs.seconders.get(verb)
    Organ.objects.select_for_update().get(pk=organ.pk)  # two askers at once wait for one another
    known = pairs.open_for(verb, subject)
    if known is not None:
        if (known.proposer_id, known.arguments) != (actor.officer, dict(arguments)):
            raise pairs.AlreadyAsked
        return known
    recorded = record(
        verbs.ACT_PROPOSED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.Asked(verb=verb),
        private={"arguments": dict(arguments)}, subjects=[subject, *about],
    )  # fmt: skip
    return Proposal.objects.create(
        id=uuid7(), verb=verb, organ=organ, subject=subject, arguments=dict(arguments), proposer_id=actor.officer,
        proposed_by=actor.key, entry_id=recorded.id,
    )  # fmt: skip


@transaction.atomic
def second_act(*, actor: Actor, proposal: Proposal) -> object:
    """Confirm what another person asked for, and do it, as their act, in the same transaction.

    Needs the same power there, or to be named as second officer from afar; never who asked. Raises Settled when it was
    answered, Overtaken when it can no longer be done: then nothing is recorded.
    """
    held = _held(proposal)
    if not pairs.may_second(actor, held):
        raise NotAuthorised(f"{actor.key} does not confirm {held.verb} at {held.organ_id}")
    proposer = actor_of_key(held.proposed_by)
    if proposer is None:
        raise pairs.Overtaken
    _answer(verbs.ACT_SECONDED, actor, held, "")
    Proposal.objects.filter(pk=held.pk).update(state=SECONDED, second=actor.officer)
    with viewer_scope(proposer):
        return pairs.seconders.get(held.verb).run(proposer, held.subject, held.arguments, pairs.Seconded(held.pk))


@transaction.atomic
def decline_act(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """Say no, with a reason; or take back what one asked for oneself. Raises Settled when it was answered already."""
    held = _held(proposal)
    if actor.officer != held.proposer_id and not pairs.may_second(actor, held):
        raise NotAuthorised(f"{actor.key} does not answer {held.verb} at {held.organ_id}")
    _answer(verbs.ACT_DECLINED, actor, held, reason)
    Proposal.objects.filter(pk=held.pk).update(state=DECLINED)
    held.refresh_from_db()
    return held


def _held(proposal: Proposal) -> Proposal:
    held = Proposal.objects.select_for_update(of=("self",)).select_related("organ", "entry").get(pk=proposal.pk)
    if held.state != OPEN:
        raise pairs.Settled
    return held


def _answer(verb: Verb, actor: Actor, held: Proposal, reason: str) -> Recorded:
    return record(
        verb, organ=held.organ_id, zone=held.organ.zone, actor=actor.key, facts=verbs.Asked(verb=held.verb),
        private={"reason": reason} if reason else None, subjects=held.entry.subjects, relation=(FOLLOWS, held.entry_id),
    )  # fmt: skip

"""Acts that take two persons: which ones the profile says, how each runs once confirmed, and who may confirm."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cancilleria.kernel.organs.authority import Actor, in_force, today_at
from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.models import Proposal, SecondOfficer
from cancilleria.kernel.organs.models.keeping import DECLINED, OPEN
from cancilleria.kernel.register.models import FOLLOWS
from cancilleria.kernel.register.queries import private_of

Arguments = Mapping[str, str]


class NeedsSecond(PermissionError):
    """The act takes two persons and came without a confirmed proposal."""


class AlreadyAsked(ValueError):
    """Another proposal about the same subject waits for its answer."""


class Settled(ValueError):
    """The proposal was answered before."""


class Overtaken(ValueError):
    """What was proposed can no longer be done: the matter moved on, or who asked no longer holds the power."""


@dataclass(frozen=True)
class Seconded:
    """The confirmed proposal an act runs under. Only `second_act` makes one."""

    proposal: uuid.UUID


@dataclass(frozen=True)
class Paired:
    """What a room does with a confirmed act: `run` it, as an act of who asked; `tell`, in a sentence, what it would do.

    `run` raises Overtaken when it can no longer be done.
    """

    run: Callable[[Actor, str, Arguments, Seconded], object]
    tell: Callable[[str, Arguments], str]


class Seconders:
    """How each verb of two persons runs. `site` fills it; tests make their own entries."""

    def __init__(self) -> None:
        self._found: dict[str, Paired] = {}

    def register(self, found: Mapping[str, Paired]) -> None:
        """Raises ValueError for a verb given twice."""
        if twice := self._found.keys() & found.keys():
            raise ValueError(f"given twice: {sorted(twice)}")
        self._found |= found

    def get(self, verb: str) -> Paired:
        """Raises LookupError for a verb nobody knows how to run."""
        return self._found[verb]


seconders = Seconders()


def needs_second(verb: str) -> bool:
    """Whether the profile wants two persons for this act."""
    return verb in house_rules().two_persons


def demand(verb: str, seconded: Seconded | None) -> None:
    """Raise NeedsSecond unless the act needs one person only, or runs under a confirmed proposal."""
    if seconded is None and needs_second(verb):
        raise NeedsSecond(verb)


def may_second(actor: Actor, proposal: Proposal) -> bool:
    """Another officer, with the same power there or named as second officer of that organ from afar."""
    if not actor.officer or actor.officer == proposal.proposer_id:
        return False
    return actor.may(proposal.verb, proposal.organ_id) or proposal.organ_id in _seconded_by(actor)


def waiting_for(actor: Actor) -> QuerySet[Proposal]:
    """Proposals this officer may confirm, the oldest first."""
    here = Q(organ__in=[actor.organ, *actor.keeps], verb__in=[power.removesuffix("*") for power in actor.powers])
    everywhere = Q(verb__in=[power.removesuffix("*") for power in actor.powers if power.endswith("*")])
    from_afar = Q(organ__in=_seconded_by(actor))
    return _open_ones().filter(here | everywhere | from_afar).exclude(proposer=actor.officer)


def asked_by(actor: Actor) -> QuerySet[Proposal]:
    """What this officer asked for and nobody answered yet."""
    return _open_ones().filter(proposer=actor.officer)


def declined_to(actor: Actor, *, most: int = 5) -> list[tuple[Proposal, str]]:
    """What this officer asked for and others did not confirm, newest first, with their reason."""
    found = Proposal.objects.filter(state=DECLINED, proposer=actor.officer).select_related("entry").order_by("-pk")
    return [(proposal, _reason(proposal)) for proposal in found[:most]]


def open_for(verb: str, subject: str) -> Proposal | None:
    """The proposal that waits for an answer about a subject, if there is one."""
    return _open_ones().filter(verb=verb, subject=subject).first()


def _open_ones() -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=OPEN).select_related("entry", "proposer", "organ").order_by("pk")


def _reason(proposal: Proposal) -> str:
    """Why it was declined; empty when an act of erasure withheld it."""
    answer = proposal.entry.followers.get(relation=FOLLOWS)
    return str((private_of(answer.pk) or {}).get("reason", ""))


def _seconded_by(actor: Actor) -> set[str]:
    """Organs whose acts this posting confirms from afar today."""
    named = SecondOfficer.objects.filter(in_force(today_at("organ")), posting=actor.key)
    return set(named.values_list("organ", flat=True))

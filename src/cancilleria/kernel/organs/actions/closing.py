"""Closing an organ, and naming who keeps its books."""

from __future__ import annotations

from django.db import transaction

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.holdings import Held, holdings
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record


class StillHolds(ValueError):
    """The organ still has what only itself can finish; `held` says what."""

    def __init__(self, held: list[Held]) -> None:
        super().__init__(", ".join(found.holding.key for found in held))
        self.held = held


class NoSuccessor(ValueError):
    """The successor is not another organ that is open."""


@transaction.atomic
def close_organ(*, actor: Actor, organ: Organ, successor: Organ) -> Organ:
    """Close an organ today and name who keeps its books. Needs `organ.closed` there; nobody acts at it from then on.

    Raises StillHolds while it has cases, stamps, proposals or money of its own; NoSuccessor.
    """
    require(actor, verbs.ORGAN_CLOSED.code, organ.key)
    locked = {found.pk: found for found in Organ.objects.select_for_update().filter(pk__in=[organ.pk, successor.pk])}
    heir, held = locked[successor.pk], locked[organ.pk]
    if heir.pk == held.pk or heir.closed_on is not None:
        raise NoSuccessor(heir.pk)
    if held.successor_id is not None:
        return held
    if left := [found for found in holdings.of(held.pk) if found.holding.binds and found.lines]:
        raise StillHolds(left)
    record(
        verbs.ORGAN_CLOSED, organ=held.pk, zone=held.zone, actor=actor.key, facts=verbs.OrganClosed(successor=heir.pk),
        subjects=[held.pk, heir.pk],
    )  # fmt: skip
    held.closed_on, held.successor = local_today(held), heir
    held.save(update_fields=["closed_on", "successor"])
    return held

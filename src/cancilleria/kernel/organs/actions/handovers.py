"""Minutes of handover, that both sign."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, NotAuthorised, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.holdings import digest_of, holdings
from cancilleria.kernel.organs.models import Handover, Organ, Posting
from cancilleria.kernel.organs.models.keeping import ACCEPTED, DRAWN, REPLACED
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import FOLLOWS


class SamePerson(ValueError):
    """Nobody hands over to themselves."""


class NotDrawn(ValueError):
    """The minutes were accepted already, or replaced by newer ones."""


@transaction.atomic
def draw_handover(
    *, actor: Actor, organ: Organ, incoming: Posting, remarks: str = "", key: uuid.UUID | None = None
) -> Handover:
    """Draw up, number and sign what the organ holds now, for whoever receives it to accept. Needs `handover.drawn` there.

    The lines are frozen with their digest. Minutes that nobody accepted are replaced. The same `key` gives the same minutes.
    Raises SamePerson.
    """
    require(actor, verbs.HANDOVER_DRAWN.code, organ.key)
    if incoming.officer_id == actor.officer:
        raise SamePerson
    Organ.objects.select_for_update().get(pk=organ.pk)
    known = Handover.objects.filter(pk=key, organ=organ).first() if key else None
    if known is not None:
        return known
    # An official paper is written in the ministry's own language, whoever draws it.
    with translation.override(ministry().languages[0]):
        lines = [
            {"key": found.holding.key, "label": str(found.holding.label), "lines": [list(line) for line in found.lines]}
            for found in holdings.of(organ.key)
        ]
    handover, digest = key or uuid.uuid4(), digest_of(lines)
    recorded = record(
        verbs.HANDOVER_DRAWN, organ=organ.key, zone=organ.zone, actor=actor.key, facts=_facts(digest, lines),
        private={"remarks": remarks}, subjects=[f"handover:{handover}"],
    )  # fmt: skip
    Handover.objects.filter(organ=organ, state=DRAWN).update(state=REPLACED)
    return Handover.objects.create(
        id=handover, organ=organ, outgoing_id=actor.officer, incoming=incoming.officer, lines=lines, digest=digest,
        remarks=remarks, drawn_id=recorded.id,
    )  # fmt: skip


@transaction.atomic
def accept_handover(*, actor: Actor, handover: Handover, differences: str = "") -> Handover:
    """Sign as the officer who receives, with what does not match, if anything. Only they may. Raises NotDrawn."""
    held = Handover.objects.select_for_update(of=("self",)).select_related("organ").get(pk=handover.pk)
    if actor.officer != held.incoming_id:
        raise NotAuthorised(f"{actor.key} is not who receives")
    if held.state != DRAWN:
        raise NotDrawn(held.state)
    recorded = record(
        verbs.HANDOVER_ACCEPTED, organ=held.organ_id, zone=held.organ.zone, actor=actor.key,
        facts=_facts(held.digest, held.lines), private={"differences": differences},
        subjects=[f"handover:{held.pk}"], relation=(FOLLOWS, held.drawn_id),
    )  # fmt: skip
    Handover.objects.filter(pk=held.pk).update(state=ACCEPTED, differences=differences, accepted=recorded.id)
    held.refresh_from_db()
    return held


def _facts(digest: str, lines: Sequence[Mapping[str, Any]]) -> verbs.Minutes:
    return verbs.Minutes(digest=digest, lines=sum(len(kind["lines"]) for kind in lines))

"""Covers: an officer in another's post for some days."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, in_force, require
from cancilleria.kernel.organs.models import Cover, Officer, Post, Posting
from cancilleria.kernel.organs.spans import NotServing, WrongDays, end, in_order
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Verb


class NotOfThePost(ValueError):
    """What a cover withholds is not a power of the post."""


@transaction.atomic
def name_cover(
    *, actor: Actor, officer: Officer, post: Post, kind: str, from_date: date, to_date: date | None = None,
    withheld: Collection[str] = (), signature_line: str,
) -> Cover:  # fmt: skip
    """Put an officer at the head of a post, or in place of whoever is on leave, for some days; their own post stays theirs.

    Needs `cover.named` at the post's organ. The database refuses a second acting head of a post on the same days. Raises
    NotServing, NotOfThePost, WrongDays.
    """
    require(actor, verbs.COVER_NAMED.code, post.organ_id)
    in_order(from_date, to_date)
    if not Posting.objects.filter(in_force(from_date), officer=officer).exists():
        raise NotServing(officer.key)
    if not set(withheld) <= set(post.powers):
        raise NotOfThePost(post.key)
    cover = Cover.objects.create(
        key=f"cover:{uuid.uuid4()}", officer=officer, post=post, kind=kind, from_date=from_date, to_date=to_date,
        withheld=sorted(withheld), signature_line=signature_line,
    )  # fmt: skip
    _record_cover(verbs.COVER_NAMED, actor, cover)
    return cover


@transaction.atomic
def end_cover(*, actor: Actor, cover: Cover, last_day: date) -> Cover:
    """End a cover after `last_day`: from then on its officer acts in their own post only. Needs `cover.named` there.

    One that has not begun never does: its row goes, the acts stay. Raises WrongDays when it is over by then already.
    """
    require(actor, verbs.COVER_NAMED.code, cover.post.organ_id)
    held = Cover.objects.select_for_update(of=("self",)).select_related("post__organ").filter(pk=cover.pk).first()
    if held is None:
        raise WrongDays
    end(held, held.post.organ, last_day)
    _record_cover(verbs.COVER_ENDED, actor, held)
    return held


def _record_cover(verb: Verb, actor: Actor, cover: Cover) -> Recorded:
    organ = cover.post.organ
    facts = verbs.Covered(
        post=cover.post_id, kind=cover.kind, start=cover.from_date.isoformat(), end=cover.to_date.isoformat() if cover.to_date else "",
        withheld=" ".join(cover.withheld),
    )  # fmt: skip
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, subjects=[cover.officer_id, cover.key]
    )

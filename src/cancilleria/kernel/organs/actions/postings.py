"""Who serves where."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Officer, Post, Posting
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Verb


@transaction.atomic
def post_officer(*, actor: Actor, officer: Officer, post: Post, from_date: date) -> Posting:
    """Give an officer a post from a day on. The database refuses a second posting on the same days."""
    require(actor, verbs.OFFICER_POSTED.code, post.organ_id)
    posting = Posting.objects.create(key=f"posting:{uuid.uuid4()}", officer=officer, post=post, from_date=from_date)
    _record_posting(verbs.OFFICER_POSTED, actor, posting)
    return posting


@transaction.atomic
def relieve_officer(*, actor: Actor, posting: Posting, last_day: date) -> Posting:
    """End a posting after `last_day`; the officer's sessions end with it."""
    require(actor, verbs.OFFICER_RELIEVED.code, posting.post.organ_id)
    posting.to_date = last_day
    posting.save(update_fields=["to_date"])
    _record_posting(verbs.OFFICER_RELIEVED, actor, posting)
    return posting


def _record_posting(verb: Verb, actor: Actor, posting: Posting) -> Recorded:
    organ = posting.post.organ
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.Posted(post=posting.post_id),
        subjects=[posting.officer_id, posting.key],
    )  # fmt: skip

"""The network: postings and loading, each act with its entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cancilleria.kernel.organs.actions import load_network, load_posts, post_officer, relieve_officer, stored_network
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised, actor_of_officer
from cancilleria.kernel.organs.models import Accreditation, Organ, Post, Posting
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


def posting_of(cast: Cast) -> Posting:
    return Posting.objects.get(pk=cast.alicia.key)


def test_a_posting_ends_and_with_it_the_authority(cast: Cast) -> None:
    posting = posting_of(cast)
    assert actor_of_officer(posting.officer_id) == cast.alicia
    verify_action(
        lambda: relieve_officer(actor=cast.diego, posting=posting, last_day=date(2026, 1, 31)),
        records=["officer.relieved"],
    )
    assert actor_of_officer(posting.officer_id) is None
    verify_action(
        lambda: post_officer(actor=cast.diego, officer=posting.officer, post=posting.post, from_date=date(2026, 2, 1)),
        records=["officer.posted"],
    )
    assert actor_of_officer(posting.officer_id) is not None


def test_nobody_serves_in_two_posts_on_the_same_day(cast: Cast) -> None:
    posting = posting_of(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        post_officer(actor=SYSTEM, officer=posting.officer, post=posting.post, from_date=date(2026, 5, 1))
    assert Posting.objects.filter(officer=posting.officer).count() == 1


def test_only_who_holds_the_power_posts_officers(cast: Cast) -> None:
    posting = posting_of(cast)
    with pytest.raises(NotAuthorised):
        relieve_officer(actor=cast.bruno, posting=posting, last_day=date(2026, 1, 31))
    assert Posting.objects.get(pk=posting.pk).to_date is None


def test_an_organ_that_left_the_profile_is_closed_and_a_dropped_accreditation_ends(cast: Cast) -> None:
    rows = stored_network()
    rows["organ:branch-abroad"] = {**rows["organ:branch-abroad"], "accredited_to": []}
    del rows["organ:friday"]
    verify_action(
        lambda: load_network(actor=SYSTEM, profile="utopia", digest="d", organs=rows, decreed=[]),
        records=["profile.loaded"],
    )
    assert Organ.objects.get(pk="organ:friday").closed_on is not None
    assert not Accreditation.objects.filter(to_date=None).exists()
    verify_action(
        lambda: load_network(actor=SYSTEM, profile="utopia", digest="d", organs=stored_network(), decreed=[]),
        records=[],
    )


def test_a_post_that_left_the_profile_loses_its_powers(cast: Cast) -> None:
    posts = {"post:new": {"organ": HEADQUARTERS, "title_es": "N", "title_en": "N", "powers": ["desk"]}}
    verify_action(
        lambda: load_posts(actor=SYSTEM, profile="utopia", digest="d", posts=posts), records=["profile.loaded"]
    )
    assert Post.objects.get(pk="post:new").powers == ["desk"]
    assert Post.objects.get(pk="post:alicia").powers == []

"""Covers and remote seconds: whose powers, whose signature line, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cancilleria.kernel.organs.actions import (
    NotOfThePost,
    NotServing,
    WrongDays,
    end_cover,
    end_second,
    name_cover,
    name_second,
    relieve_officer,
)
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised, actor_of_key, actor_of_officer
from cancilleria.kernel.organs.limits import HouseRules, Limit, house_rules
from cancilleria.kernel.organs.models import Cover, Officer, Organ, Post, Posting
from cancilleria.kernel.organs.models.posts import ACTING, LEAVE
from cancilleria.kernel.organs.queries import local_today, signature_line_of
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def today() -> date:
    """Today at the club."""
    return local_today(Organ.objects.get(pk=HEADQUARTERS))


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


@pytest.fixture
def head(cast: Cast) -> Actor:
    return officer("Elena", HEADQUARTERS, {"desk.cases", "cover.named", "second.named", "membership.decide"})


def cover_by(head: Actor, of: Actor, **changed: object) -> Cover:
    given: dict[str, object] = {
        "officer": Officer.objects.get(pk=of.officer), "post": Post.objects.get(pk="post:elena"), "kind": ACTING,
        "from_date": today(), "to_date": today() + DAY, "withheld": ["cover.named"], "signature_line": "Alicia (e.)",
    }  # fmt: skip
    return name_cover(actor=head, **{**given, **changed})  # type: ignore[arg-type]


def test_an_acting_head_has_the_posts_powers_without_those_withheld_and_a_signature_line(
    cast: Cast, head: Actor
) -> None:
    cover = verify_action(lambda: cover_by(head, cast.alicia), records=["cover.named"])
    acting = actor_of_officer(cast.alicia.officer, capacity=cover.key)
    assert acting is not None
    assert (acting.key, acting.organ, acting.officer) == (cover.key, HEADQUARTERS, cast.alicia.officer)
    assert acting.powers == head.powers - {"cover.named"}
    assert (signature_line_of(cover.key), signature_line_of(cast.alicia.key)) == ("Alicia (e.)", "Alicia")
    assert actor_of_officer(cast.alicia.officer) == cast.alicia
    assert actor_of_key(cover.key) == acting


def test_a_cover_that_is_over_or_of_somebody_else_leaves_one_in_ones_own_post(cast: Cast, head: Actor) -> None:
    cover = cover_by(head, cast.alicia)
    assert actor_of_officer(cast.bruno.officer, capacity=cover.key) == cast.bruno
    assert actor_of_officer(cast.alicia.officer, on=today() + 2 * DAY, capacity=cover.key) == cast.alicia
    cover.from_date = today() - 2 * DAY
    cover.save()
    verify_action(lambda: end_cover(actor=head, cover=cover, last_day=today() - DAY), records=["cover.ended"])
    assert actor_of_officer(cast.alicia.officer, capacity=cover.key) == cast.alicia
    assert actor_of_key(cover.key) is None
    with pytest.raises(WrongDays):
        end_cover(actor=head, cover=cover, last_day=today())
    future = cover_by(head, cast.bruno, from_date=today() + DAY, to_date=None)
    verify_action(lambda: end_cover(actor=head, cover=future, last_day=today()), records=["cover.ended"])
    with pytest.raises(WrongDays):
        end_cover(actor=head, cover=future, last_day=today())
    assert Cover.objects.get() == cover


def test_who_leaves_the_service_acts_in_no_cover_either(cast: Cast, head: Actor) -> None:
    cover = cover_by(head, cast.alicia)
    relieve_officer(actor=SYSTEM, posting=Posting.objects.get(pk=cast.alicia.key), last_day=today() - DAY)
    assert actor_of_officer(cast.alicia.officer, capacity=cover.key) is None
    assert actor_of_key(cover.key) is None


def test_a_post_has_one_acting_head_at_a_time(cast: Cast, head: Actor) -> None:
    cover_by(head, cast.alicia)
    with pytest.raises(IntegrityError), transaction.atomic():
        cover_by(head, cast.bruno)
    cover_by(head, cast.bruno, kind=LEAVE)
    cover_by(head, cast.bruno, from_date=today() + 2 * DAY, to_date=None)
    assert Cover.objects.count() == 3


def test_a_cover_is_refused_with_wrong_days_foreign_powers_or_without_a_post_of_ones_own(
    cast: Cast, head: Actor
) -> None:
    stranger = Officer.objects.create(key="officer:nobody", given_names="Nadie", first_surname="Inventado")
    with pytest.raises(NotServing):
        cover_by(head, cast.alicia, officer=stranger)
    with pytest.raises(NotOfThePost):
        cover_by(head, cast.alicia, withheld=["apostille.issued"])
    with pytest.raises(WrongDays):
        cover_by(head, cast.alicia, to_date=today() - DAY)
    with pytest.raises(NotAuthorised):
        cover_by(cast.bruno, cast.alicia)
    assert not Cover.objects.exists()


def test_a_remote_second_is_named_and_ended_by_the_head(cast: Cast, head: Actor) -> None:
    organ, posting = Organ.objects.get(pk=HEADQUARTERS), Posting.objects.get(pk=cast.bruno.key)
    second = verify_action(
        lambda: name_second(actor=head, organ=organ, posting=posting, from_date=today()), records=["second.named"]
    )
    with pytest.raises(NotAuthorised):
        end_second(actor=cast.alicia, second=second, last_day=today())
    verify_action(lambda: end_second(actor=head, second=second, last_day=today()), records=["second.ended"])
    with pytest.raises(NotServing):
        name_second(actor=head, organ=organ, posting=posting, from_date=date(2020, 1, 1))


def test_a_kind_of_organ_never_holds_what_the_profile_keeps_from_it(cast: Cast) -> None:
    limits = {"consulate": Limit(("membership.", "desk.register"), {"es": "Competencia limitada"})}
    with house_rules.held(HouseRules(limits=limits)):
        consul = officer("Fabio", "organ:friday", {"desk.cases", "membership.decide*", "desk.register"})
        assert consul.powers == {"desk.cases"}
        assert "membership.decide" in officer("Gema", HEADQUARTERS, {"membership.decide"}).powers

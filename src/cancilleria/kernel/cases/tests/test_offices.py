"""What an office holds, hands over and leaves: stamps, minutes, closing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from cancilleria.kernel.cases.actions import withdraw_case
from cancilleria.kernel.cases.queries import number_of, track, tracking_code, visible_to
from cancilleria.kernel.organs import holdings as rooms
from cancilleria.kernel.organs.actions import (
    Elsewhere,
    NoSuccessor,
    NotDrawn,
    NotInUse,
    SamePerson,
    StillHolds,
    accept_handover,
    close_organ,
    draw_handover,
    entrust_stamp,
    load_network,
    register_stamp,
    report_stamp_lost,
    retire_stamp,
    stored_network,
)
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised, actor_of_officer
from cancilleria.kernel.organs.models import Custody, Handover, Organ, Posting, Stamp
from cancilleria.kernel.organs.queries import custodian_of
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
STAMPS = {"stamp.registered", "stamp.entrusted", "stamp.lost", "stamp.retired"}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


@pytest.fixture
def head(cast: Cast) -> Actor:
    return officer("Elena", HEADQUARTERS, {"desk.cases", "handover.drawn", *STAMPS})


def home() -> Organ:
    return Organ.objects.get(pk=HEADQUARTERS)


def posting(actor: Actor) -> Posting:
    return Posting.objects.get(pk=actor.key)


def stamp(head: Actor, label: str = "Sello seco n.º 1") -> Stamp:
    return register_stamp(actor=head, organ=home(), kind="seal", label=label, imprint="UTOPÍA")


def test_a_stamp_has_one_custodian_until_it_is_lost_or_retired(cast: Cast, head: Actor) -> None:
    found = verify_action(lambda: stamp(head), records=["stamp.registered"])
    verify_action(
        lambda: entrust_stamp(actor=head, stamp=found, posting=posting(cast.alicia)), records=["stamp.entrusted"]
    )
    verify_action(lambda: entrust_stamp(actor=head, stamp=found, posting=posting(cast.alicia)), records=[])
    verify_action(
        lambda: entrust_stamp(actor=head, stamp=found, posting=posting(cast.diego)), records=["stamp.entrusted"]
    )
    assert [c.to_time is None for c in Custody.objects.order_by("from_time")] == [False, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.create(stamp=found, posting=posting(cast.alicia), from_time=Custody.objects.last().from_time)  # type: ignore[union-attr]
    with pytest.raises(Elsewhere):
        entrust_stamp(actor=head, stamp=found, posting=posting(cast.bruno))
    with pytest.raises(NotAuthorised):
        report_stamp_lost(actor=cast.alicia, stamp=found, reason="No está")
    verify_action(lambda: report_stamp_lost(actor=cast.diego, stamp=found, reason="No está"), records=["stamp.lost"])
    assert custodian_of(found) is None
    with pytest.raises(NotInUse):
        entrust_stamp(actor=head, stamp=found, posting=posting(cast.alicia))
    verify_action(
        lambda: retire_stamp(actor=head, stamp=stamp(head, "Otro"), reason="Gastado"),
        records=["stamp.registered", "stamp.retired"],
    )


def test_both_sign_the_minutes_whose_lines_are_frozen_with_their_digest(cast: Cast, head: Actor) -> None:
    found = stamp(head)
    entrust_stamp(actor=head, stamp=found, posting=posting(cast.alicia))
    cast.submit()
    key = uuid.uuid4()
    give = {"actor": head, "organ": home(), "incoming": posting(cast.alicia), "key": key}
    minutes = verify_action(lambda: draw_handover(**give), records=["handover.drawn"])  # type: ignore[arg-type]
    assert verify_action(lambda: draw_handover(**give), records=[]) == minutes  # type: ignore[arg-type]
    assert rooms.digest_of(minutes.lines) == minutes.digest == Entry.objects.get(verb="handover.drawn").facts["digest"]
    told = {kind["key"]: kind["lines"] for kind in minutes.lines}
    assert told["stamps"] == [["Sello seco n.º 1 (Alicia)", "1"]]
    assert [count for _, count in told["cases"]] == ["1"]
    assert told["books"][0][1].endswith("1")
    with pytest.raises(NotAuthorised):
        accept_handover(actor=cast.diego, handover=minutes)
    with pytest.raises(NotAuthorised):
        accept_handover(actor=head, handover=minutes)
    verify_action(
        lambda: accept_handover(actor=cast.alicia, handover=minutes, differences="Falta un sello"),
        records=["handover.accepted"],
    )
    held = Handover.objects.get()
    assert (held.state, held.differences) == ("accepted", "Falta un sello")
    with pytest.raises(NotDrawn):
        accept_handover(actor=cast.alicia, handover=minutes)
    for changed in ({"lines": []}, {"differences": "Nada"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=key).update(**changed)


def test_minutes_nobody_accepted_are_replaced_and_nobody_hands_over_to_themselves(cast: Cast, head: Actor) -> None:
    draw_handover(actor=head, organ=home(), incoming=posting(cast.alicia))
    draw_handover(actor=head, organ=home(), incoming=posting(cast.diego))
    assert sorted(Handover.objects.values_list("state", flat=True)) == ["drawn", "replaced"]
    with pytest.raises(SamePerson):
        draw_handover(actor=head, organ=home(), incoming=posting(head))
    with pytest.raises(NotAuthorised):
        draw_handover(actor=cast.alicia, organ=home(), incoming=posting(cast.diego))


def test_an_organ_closes_only_with_nothing_of_its_own_left_and_a_successor_keeps_its_books(cast: Cast) -> None:
    closer = officer("Elena", "organ:branch-abroad", {"desk.cases", "membership.decide", "organ.closed*"})
    heir = Organ.objects.get(pk="organ:branch-abroad")
    case = cast.submit()
    with pytest.raises(StillHolds) as found:
        close_organ(actor=closer, organ=home(), successor=heir)
    assert [held.holding.key for held in found.value.held] == ["cases"]
    withdraw_case(actor=cast.carla, case=case)
    with pytest.raises(NoSuccessor):
        close_organ(actor=closer, organ=home(), successor=home())
    with pytest.raises(NotAuthorised):
        close_organ(actor=cast.alicia, organ=home(), successor=heir)
    assert not visible_to(closer).exists()
    verify_action(lambda: close_organ(actor=closer, organ=home(), successor=heir), records=["organ.closed"])
    verify_action(lambda: close_organ(actor=closer, organ=home(), successor=heir), records=[])
    assert actor_of_officer(cast.alicia.officer) is None
    keeper = actor_of_officer(closer.officer)
    assert keeper is not None
    assert list(visible_to(keeper)) == [case]
    assert keeper.may("membership.decide", HEADQUARTERS)
    assert track(number_of(case), tracking_code(case.pk)) is not None
    rows = {**stored_network(), HEADQUARTERS: {**stored_network()["organ:friday"], "key": HEADQUARTERS}}
    load_network(actor=SYSTEM, profile="utopia", digest="d", organs=rows, decreed=[])
    assert home().closed_on is not None


def test_a_supervising_post_sees_the_cases_and_decides_none(cast: Cast) -> None:
    Organ.objects.filter(pk=HEADQUARTERS).update(supervised_by="organ:branch-abroad")
    case = cast.submit()
    watching = actor_of_officer(cast.bruno.officer)
    assert watching is not None
    assert list(visible_to(watching)) == [case]
    assert not watching.may("membership.decide", HEADQUARTERS)
    with pytest.raises(StillHolds) as found:
        close_organ(actor=SYSTEM, organ=Organ.objects.get(pk="organ:branch-abroad"), successor=home())
    assert [held.holding.key for held in found.value.held] == ["supervised"]

"""Acts of two persons: nothing happens until another person confirms, and never by who asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cancilleria.kernel.organs import pairs
from cancilleria.kernel.organs.actions import (
    decline_act,
    name_cover,
    name_second,
    propose_act,
    relieve_officer,
    second_act,
)
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised, actor_of_officer
from cancilleria.kernel.organs.limits import HouseRules, house_rules
from cancilleria.kernel.organs.models import Officer, Organ, Post, Posting, Proposal
from cancilleria.kernel.organs.models.posts import LEAVE
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
VERB = "membership.decide"
ran: list[tuple[str, str, str]] = []


def run(actor: Actor, subject: str, arguments: pairs.Arguments, seconded: pairs.Seconded) -> str:
    pairs.demand(VERB, seconded)
    if arguments["why"] == "late":
        raise pairs.Overtaken
    ran.append((actor.key, subject, arguments["why"]))
    return "done"


def today() -> date:
    """Today at the club."""
    return local_today(Organ.objects.get(pk=HEADQUARTERS))


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(
        pairs.seconders, "_found", {VERB: pairs.Paired(run, lambda subject, arguments: arguments["why"])}
    )
    ran.clear()
    with on_stage() as people, house_rules.held(HouseRules(two_persons=frozenset({VERB}))):
        yield people


def ask(actor: Actor, why: str = "needed", subject: str = "thing:1") -> Proposal:
    organ = Organ.objects.get(pk=HEADQUARTERS)
    return propose_act(actor=actor, verb=VERB, organ=organ, subject=subject, arguments={"why": why})


def test_an_act_of_two_persons_runs_as_who_asked_once_another_confirmed(cast: Cast) -> None:
    proposal = verify_action(lambda: ask(cast.alicia), records=["act.proposed"])
    assert ran == []
    colleague = officer("Elena", HEADQUARTERS, {VERB})
    assert list(pairs.waiting_for(colleague)) == [proposal]
    assert list(pairs.asked_by(cast.alicia)) == [proposal]
    assert verify_action(lambda: second_act(actor=colleague, proposal=proposal), records=["act.seconded"]) == "done"
    assert ran == [(cast.alicia.key, "thing:1", "needed")]
    assert Entry.objects.get(verb="act.seconded").target_id == proposal.entry_id
    with pytest.raises(pairs.Settled):
        second_act(actor=colleague, proposal=proposal)
    assert len(ran) == 1


def test_nobody_confirms_what_they_asked_for_not_even_in_a_cover(cast: Cast) -> None:
    proposal = ask(cast.alicia)
    elena = officer("Elena", HEADQUARTERS, {VERB})
    cover = name_cover(
        actor=SYSTEM, officer=Officer.objects.get(pk=cast.alicia.officer), post=Post.objects.get(pk="post:elena"),
        kind=LEAVE, from_date=today(), signature_line="Alicia",
    )  # fmt: skip
    covering = actor_of_officer(cast.alicia.officer, capacity=cover.key)
    assert covering is not None
    assert covering.powers == elena.powers
    for actor in (cast.alicia, covering):
        with pytest.raises(NotAuthorised):
            second_act(actor=actor, proposal=proposal)
        assert not pairs.waiting_for(actor).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="seconded", second=cast.alicia.officer)
    assert ran == []


def test_an_officer_far_away_confirms_only_when_named(cast: Cast) -> None:
    proposal = ask(cast.alicia)
    with pytest.raises(NotAuthorised):
        second_act(actor=cast.bruno, proposal=proposal)
    organ, posting = Organ.objects.get(pk=HEADQUARTERS), Posting.objects.get(pk=cast.bruno.key)
    name_second(actor=SYSTEM, organ=organ, posting=posting, from_date=today())
    assert list(pairs.waiting_for(cast.bruno)) == [proposal]
    second_act(actor=cast.bruno, proposal=proposal)
    assert len(ran) == 1


def test_what_was_overtaken_leaves_the_proposal_open_and_nothing_recorded(cast: Cast) -> None:
    proposal, colleague = ask(cast.alicia, why="late"), officer("Elena", HEADQUARTERS, {VERB})
    with pytest.raises(pairs.Overtaken), transaction.atomic():
        second_act(actor=colleague, proposal=proposal)
    assert not Entry.objects.filter(verb="act.seconded").exists()
    other = ask(cast.alicia, subject="thing:2")
    relieve_officer(actor=SYSTEM, posting=Posting.objects.get(pk=cast.alicia.key), last_day=today() - timedelta(days=1))
    with pytest.raises(pairs.Overtaken), transaction.atomic():
        second_act(actor=colleague, proposal=other)
    assert Proposal.objects.filter(state="open").count() == 2


def test_a_proposal_is_made_once_declined_with_a_reason_and_never_changed(cast: Cast) -> None:
    proposal = ask(cast.alicia)
    assert verify_action(lambda: ask(cast.alicia), records=[]) == proposal
    with pytest.raises(pairs.AlreadyAsked):
        ask(cast.alicia, why="another reason")
    with pytest.raises(NotAuthorised):
        ask(cast.bruno)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(arguments={"why": "changed"})
    with pytest.raises(NotAuthorised):
        decline_act(actor=cast.bruno, proposal=proposal, reason="no")
    verify_action(
        lambda: decline_act(actor=cast.alicia, proposal=proposal, reason="Ya no hace falta"), records=["act.declined"]
    )
    with pytest.raises(pairs.Settled):
        second_act(actor=officer("Elena", HEADQUARTERS, {VERB}), proposal=proposal)
    assert ran == []


def test_an_act_that_needs_a_second_refuses_to_run_alone(cast: Cast) -> None:
    with pytest.raises(pairs.NeedsSecond):
        pairs.demand(VERB, None)
    pairs.demand("desk.cases", None)
    with pytest.raises(LookupError):
        pairs.seconders.get("desk.cases")

"""Figures over real entries and a real log: closure, seal, reverse, explained difference."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancilleria.kernel.cases.verbs import CASE_CLOSED, CASE_DECIDED, Decided, OfProcedure
from cancilleria.kernel.indicators import acts as listing
from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.actions import (
    HasActs,
    NotByHand,
    NothingToClose,
    NotYet,
    close_period,
    enter_value,
    publish_period,
    report_nothing,
    set_target,
)
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import DAYS, PERCENT, Indicator, Indicators
from cancilleria.kernel.indicators.difference import explain, seal_holds
from cancilleria.kernel.indicators.fold import fold
from cancilleria.kernel.indicators.models import Cell, Closure
from cancilleria.kernel.indicators.periods import Period, period
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import ANNULS, RECTIFIES, Entry, Leaf, Unsequenced
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]
OTHER = "organ:branch-abroad"
ORGANS = (HEADQUARTERS, OTHER)
DENIED = Indicator(
    "test.denied", "T-1", "Denegadas", "tests", PERCENT, numerator='count(case.decided where outcome = "denied")',
    denominator="count(case.decided)", dimensions=("procedure",),
)  # fmt: skip
MEAN = Indicator("test.days", "T-2", "Días", "tests", DAYS, numerator="sum(case.decided.days where in_term = true)",
                 denominator="count(case.decided where in_term = true)")  # fmt: skip
BOTH = Indicators([DENIED, MEAN])
YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
NOVEMBER = Scope(date(2026, 11, 1), date(2026, 12, 1))


@dataclass
class Office:
    """Records decisions, lets the log take them, folds."""

    people: Cast
    sequencer: Sequencer
    as_worker: AsWorker
    made: list[uuid.UUID] = field(default_factory=list)

    def decide(
        self, organ: str = HEADQUARTERS, day: int = 40, outcome: str = "denied", days: int | None = 1,
        target: uuid.UUID | None = None,
    ) -> uuid.UUID:  # fmt: skip
        facts = Decided(procedure="membership", outcome=outcome, days=days, in_term=None if days is None else days < 3)
        done = record(
            CASE_DECIDED, organ=organ, zone="UTC", actor="posting:x", facts=facts,
            performed_at=datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(days=day),
            relation=(RECTIFIES, target) if target else None,
        )  # fmt: skip
        self.made.append(done.id)
        return done.id

    def annul(self, target: uuid.UUID) -> None:
        record(CASE_CLOSED, organ=HEADQUARTERS, zone="UTC", actor="posting:x", facts=OfProcedure(procedure="x"),
               relation=(ANNULS, target))  # fmt: skip

    def turn(self) -> None:
        with self.as_worker():
            while self.sequencer.step():
                pass

    def fold(self, batch: int = 1000) -> int:
        with self.as_worker():
            return fold(BOTH.all_rules(), batch=batch)


@pytest.fixture
def office(db: None, as_worker: AsWorker) -> Iterator[Office]:
    with on_stage() as people, tempfile.TemporaryDirectory() as folder:
        log, files = Signer("registro.utopia.example", Ed25519PrivateKey.generate()), Folder(Path(folder))
        with register_doors.log_origin.held(log.name), register_doors.log_files.held(files):
            sequencer = Sequencer(log, files)
            with as_worker():
                sequencer.start()
            yield Office(people, sequencer, as_worker)


def test_a_share_and_a_mean_are_of_the_acts_that_count(office: Office) -> None:
    for outcome, days in (("denied", 1), ("granted", 2), ("granted", 9), ("granted", None)):
        office.decide(outcome=outcome, days=days)
    assert queries.figure(DENIED, NOVEMBER).value == Fraction(25)
    assert queries.figure(MEAN, NOVEMBER).value == Fraction(3, 2)
    assert queries.figure(DENIED, Scope(date(2025, 1, 1), date(2026, 1, 1))).value is None


def test_the_month_is_that_of_the_performance_in_the_ministrys_zone(office: Office) -> None:
    facts = Decided(procedure="membership", outcome="denied")
    record(CASE_DECIDED, organ=HEADQUARTERS, zone="Europe/Madrid", actor="posting:x", facts=facts,
           performed_at=datetime(2026, 12, 1, 3, tzinfo=UTC))  # fmt: skip
    assert queries.figure(DENIED, NOVEMBER).n == 1  # still the 30th in Lima


def test_the_fold_moves_with_the_log_and_readers_are_exact_before_and_after(office: Office) -> None:
    first = office.decide()
    assert queries.figure(DENIED, YEAR).n == 1
    office.turn()
    assert office.fold(batch=1) > 0
    while office.fold(batch=1):
        pass
    assert Cell.objects.exists()
    office.annul(first)
    office.decide(outcome="granted")
    assert (queries.figure(DENIED, YEAR).n, queries.figure(DENIED, YEAR).of_n) == (0, 1)
    office.turn()
    assert (queries.figure(DENIED, YEAR).n, queries.figure(DENIED, YEAR).of_n) == (0, 1)
    while office.fold():
        pass
    assert (queries.figure(DENIED, YEAR).n, queries.figure(DENIED, YEAR).of_n) == (0, 1)
    assert office.fold() == 0


@pytest.mark.parametrize("batch", [1, 2])
def test_an_act_that_the_log_took_after_its_annulment_never_counts(office: Office, batch: int) -> None:
    target = office.decide()
    office.annul(target)
    with office.as_worker():
        origin = register_doors.log_origin()
        for at, entry in enumerate(Entry.objects.filter(organ=HEADQUARTERS, pk__gte=target).order_by("-pk")):
            Leaf.objects.create(origin=origin, index=at, entry=entry, leaf_hash=entry.leaf_hash)
        Unsequenced.objects.filter(entry__leaf_hash__in=Leaf.objects.values("leaf_hash")).delete()
    while office.fold(batch):
        pass
    assert queries.figure(DENIED, YEAR).n == 0
    assert sum(Cell.objects.values_list("n", flat=True)) == 0
    assert queries.figure(DENIED, YEAR, as_of=1).n == queries.figure(DENIED, YEAR, as_of=2).n == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(ORGANS), st.integers(0, 120), st.sampled_from(["denied", "granted"]),
                  st.one_of(st.none(), st.integers(0, 5))),
        st.tuples(st.just("annul"), st.integers(0, 50)),
        st.tuples(st.just("correct"), st.integers(0, 50), st.sampled_from(["denied", "granted"])),
        st.tuples(st.just("turn")), st.tuples(st.just("fold"), st.integers(1, 7)), st.tuples(st.just("close")),
    ),
    max_size=30,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(STEPS)
def test_whatever_happens_every_figure_is_the_sum_of_its_acts_and_every_difference_is_told(
    office: Office, steps: list[tuple[object, ...]]
) -> None:
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        office.made, office.sequencer = [], Sequencer(office.sequencer.signer, Folder(Path(folder)))
        with office.as_worker():
            office.sequencer.start()
        closed = [closure for step in steps if (closure := take(office, step)) is not None]
        for indicator in BOTH:
            agree(indicator)
        for closure in closed:
            assert seal_holds(closure)
            told = explain(closure, BOTH.get(closure.indicator))
            assert not told.redefined
            assert all(side.adds_up for side in told.sides)
            now = queries.figure(BOTH.get(closure.indicator), YEAR)
            assert [now.total, now.of_total] == [side.now for side in told.sides]
        transaction.set_rollback(True)


def take(office: Office, step: tuple[object, ...]) -> Closure | None:
    """One step of a random history."""
    kind, *given_ = step
    alive = [e for e in office.made if not Entry.objects.filter(target=e, relation__in=[ANNULS, RECTIFIES]).exists()]
    if kind == "decide":
        office.decide(*given_)  # type: ignore[arg-type]
    elif kind == "annul" and alive:
        office.annul(alive[int(str(given_[0])) % len(alive)])
    elif kind == "correct" and alive:
        target = Entry.objects.get(pk=alive[int(str(given_[0])) % len(alive)])
        office.decide(target.organ, 33, str(given_[1]), 2, target.pk)
    elif kind == "turn":
        office.turn()
    elif kind == "fold":
        office.fold(int(str(given_[0])))
    elif kind == "close":
        return close_period(actor=SYSTEM, indicator=DENIED, period=period("2026"))
    return None


def agree(indicator: Indicator) -> None:
    """Closure: in every cell the list adds up to the value; reverse: every act of the list names that cell."""
    for side, rule in enumerate(indicator.rules()):
        found = queries.by_place(rule, YEAR)
        for (organ, month), (n, total) in found.items():
            scope = Scope(month, date(month.year + month.month // 12, month.month % 12 + 1, 1), (organ,))
            behind = listing.acts(rule, scope)
            assert (len(behind), sum(adds for _, adds in behind)) == (n, total)
            for entry, adds in behind:
                sides = ("numerator", "denominator")
                moved = [
                    m for m in queries.cells_of(entry, BOTH) if (m.indicator, m.side) == (indicator.key, sides[side])
                ]
                assert [(m.organ, m.month, m.adds) for m in moved] == [(organ, month, adds)]
        assert sum(n for n, _ in found.values()) == len(listing.acts(rule, YEAR))


def test_a_closed_figure_stays_and_what_came_after_is_told_by_its_acts(office: Office) -> None:
    kept, gone, wrong = (office.decide() for _ in range(3))
    office.turn()
    planner = officer("Paula", HEADQUARTERS, {"period.closed", "period.published"})
    closure = verify_action(
        lambda: close_period(actor=planner, indicator=DENIED, period=period("2026-11")), records=["period.closed"]
    )
    assert closure.counts == [[3, 3], [3, 3]]
    verify_action(lambda: close_period(actor=planner, indicator=DENIED, period=period("2026-11")), records=[])
    late = office.decide()
    office.annul(gone)
    fixed = office.decide(target=wrong)
    office.turn()
    side = explain(closure, DENIED).sides[0]
    assert (side.then, side.now) == (3, 3)
    assert [e for e, _ in side.late] == [late]
    assert [e for e, _ in side.annulled] == [gone]
    assert [e for e, _ in side.corrected_out] == [wrong]
    assert [e for e, _ in side.corrected_in] == [fixed]
    assert seal_holds(closure)
    assert queries.figure(DENIED, NOVEMBER, as_of=closure.size).n == 3
    assert kept in dict(listing.acts(DENIED.rules()[0], NOVEMBER))
    verify_action(lambda: publish_period(actor=planner, closure=closure), records=["period.published"])
    verify_action(lambda: publish_period(actor=planner, closure=closure), records=[])
    Closure.objects.filter(pk=closure.pk).update(counts=[[4, 4], [3, 3]])
    assert not seal_holds(Closure.objects.get(pk=closure.pk))


def test_only_whoever_holds_the_power_closes_and_opens(office: Office) -> None:
    with pytest.raises(NotAuthorised):
        close_period(actor=office.people.alicia, indicator=DENIED, period=period("2026"))
    office.decide()
    away = office.decide(OTHER)
    reader = officer("Lea", OTHER, {"desk.indicators"})
    assert [e.pk for e, _ in queries.acts_behind(DENIED, YEAR, viewer=reader)] == [away]
    assert queries.acts_behind(DENIED, Scope(organs=(HEADQUARTERS,)), viewer=reader) == []
    assert queries.acts_behind(DENIED, YEAR, viewer=office.people.alicia) == []
    everywhere = officer("Pía", HEADQUARTERS, {"desk.indicators*"})
    page = queries.acts_behind(DENIED, YEAR, viewer=everywhere, limit=1)
    rest = queries.acts_behind(DENIED, YEAR, viewer=everywhere, limit=1, after=page[0][0].pk)
    assert {page[0][0].pk, rest[0][0].pk} == set(office.made)


def test_a_dimension_splits_the_figure(office: Office) -> None:
    office.decide()
    office.turn()
    office.fold()
    office.decide()
    assert queries.split(DENIED, YEAR, "procedure") == {"membership": (2, 2)}
    assert queries.figure(DENIED, Scope(dims=(("procedure", "membership"),))).n == 2
    assert queries.figure(DENIED, Scope(dims=(("procedure", "other"),))).n == 0


def test_a_month_without_acts_is_unknown_until_somebody_says_there_were_none(office: Office) -> None:
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    office.decide(day=40)
    months = [october, november]
    assert queries.not_reported(DENIED, [HEADQUARTERS], months) == {(HEADQUARTERS, october)}
    clerk = officer("Clara", HEADQUARTERS, {"month.reported"})
    verify_action(
        lambda: report_nothing(actor=clerk, indicator=DENIED, organ=HEADQUARTERS, month=october),
        records=["month.reported"],
    )
    assert queries.not_reported(DENIED, [HEADQUARTERS], months) == set()
    again = verify_action(
        lambda: report_nothing(actor=clerk, indicator=DENIED, organ=HEADQUARTERS, month=october), records=[]
    )
    assert not again
    with pytest.raises(NotYet):
        report_nothing(actor=clerk, indicator=DENIED, organ=HEADQUARTERS, month=date(2099, 1, 1))
    office.decide(day=5)
    with pytest.raises(HasActs):
        report_nothing(actor=clerk, indicator=DENIED, organ=HEADQUARTERS, month=october)
    said = Entry.objects.get(verb="month.reported")
    office.annul(said.pk)
    assert queries.said_nothing([DENIED.key], [HEADQUARTERS]) == {}


def test_targets_and_values_by_hand_are_acts_with_their_evidence(office: Office) -> None:
    by_hand = Indicator("test.hand", "T-3", "A mano", "tests")
    planner = officer("Paula", HEADQUARTERS, {"target.set", "value.entered"})
    verify_action(
        lambda: set_target(actor=planner, indicator=DENIED, year=2026, value=Decimal("12.5"), source="PEI"),
        records=["target.set"],
    )
    assert queries.target(DENIED, 2026) == Decimal("12.5")

    def enter(indicator: Indicator) -> object:
        return enter_value(
            actor=planner, indicator=indicator, organ=HEADQUARTERS, month=date(2026, 11, 1), value=Decimal("7.25"),
            evidence="ab" * 32,
        )  # fmt: skip

    verify_action(lambda: enter(by_hand), records=["value.entered"])
    assert queries.manual_values(by_hand, NOVEMBER) == {(HEADQUARTERS, date(2026, 11, 1)): Decimal("7.25")}
    verify_action(lambda: enter(by_hand), records=[])
    with pytest.raises(NotByHand):
        enter(DENIED)
    closer = officer("Berta", HEADQUARTERS, {"period.closed"})
    with pytest.raises(NothingToClose):
        close_period(actor=closer, indicator=by_hand, period=period("2026"))


def test_a_period_of_the_plan_is_months_of_the_civil_calendar() -> None:
    assert period("2026-S2") == Period(date(2026, 7, 1), date(2027, 1, 1))
    assert period("2026-T4") == Period(date(2026, 10, 1), date(2027, 1, 1))
    assert period("2026-12") == Period(date(2026, 12, 1), date(2027, 1, 1))
    for bad in ("2026-13", "2026-00", "2026-T5", "26", "0000"):
        with pytest.raises(ValueError, match=bad):
            period(bad)

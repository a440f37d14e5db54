"""Issuing in bulk: exactly what was confirmed, by who confirmed it, each case on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from django.db import OperationalError

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.actions import bulk
from cancilleria.domains.apostille.models import Apostille, BulkOrder
from cancilleria.domains.apostille.tests.cast import Stage, amended, stage
from cancilleria.kernel.cases.actions import admit_case, note_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.actions import relieve_officer
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.organs.models import Post, Posting
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]
ISSUE = ["case.admitted", "case.decided", "case.notified", "apostille.issued"]


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        yield found


def ordered(scene: Stage, *cases: Case, key: str = "1") -> BulkOrder:
    return actions.order_issuing(actor=scene.ana, cases=[(case, case.revision) for case in cases], key=key)


def run() -> None:
    while actions.issue_next(actor=SYSTEM) is not None:
        pass


def outcomes(order: BulkOrder) -> list[tuple[str, str]]:
    return [(item.outcome, item.code) for item in queries.items_of(order)]


def test_each_confirmed_case_is_issued_in_the_name_of_who_confirmed(scene: Stage) -> None:
    cases = [scene.submit(), scene.submit()]
    other = scene.submit()
    order = verify_action(lambda: ordered(scene, *cases), records=["bulk.ordered"])
    assert not Apostille.objects.exists()
    verify_action(run, records=[*ISSUE, *ISSUE, "bulk.finished"])
    assert outcomes(order) == [("issued", ""), ("issued", "")]
    assert set(Entry.objects.filter(verb="apostille.issued").values_list("actor", flat=True)) == {scene.ana.key}
    assert Case.objects.get(pk=other.pk).state == "submitted"
    assert Entry.objects.get(verb="bulk.finished").facts == {"issued": 2, "missed": 0}


def test_a_repeated_press_is_the_same_order(scene: Stage) -> None:
    case = scene.submit()
    order = ordered(scene, case)
    assert verify_action(lambda: ordered(scene, case), records=[]) == order
    run()
    assert Apostille.objects.count() == 1


def test_a_case_that_changed_meanwhile_is_told_and_does_not_stop_the_others(scene: Stage) -> None:
    changed, decided, left = scene.submit(), scene.submit(), scene.submit()
    order = ordered(scene, changed, decided, left)
    note_case(actor=scene.ana, case=changed, text="Falta mirar el sello")
    actions.issue_apostille(actor=scene.ana, case=decided)
    verify_action(run, records=["bulk.missed", "bulk.missed", *ISSUE, "bulk.finished"])
    assert outcomes(order) == [("missed", "changed"), ("missed", "changed"), ("issued", "")]


def test_what_the_law_no_longer_allows_is_told_with_its_reason(scene: Stage) -> None:
    case = scene.submit()
    order = ordered(scene, case)
    amended(scene, valid_to=date(2025, 2, 1))
    run()
    assert outcomes(order) == [("missed", "out_of_date")]
    assert Case.objects.get().state == "submitted"


def test_an_officer_relieved_before_the_run_issues_nothing(scene: Stage) -> None:
    order = ordered(scene, scene.submit(), scene.submit())
    posting = Posting.objects.get(pk=scene.ana.key)
    relieve_officer(actor=SYSTEM, posting=posting, last_day=date(2026, 1, 2))
    verify_action(run, records=["bulk.missed", "bulk.missed", "bulk.finished"])
    assert outcomes(order) == [("missed", "relieved")] * 2


def test_an_officer_whose_post_lost_the_power_issues_nothing(scene: Stage) -> None:
    order = ordered(scene, scene.submit())
    Post.objects.filter(pk=Posting.objects.get(pk=scene.ana.key).post_id).update(powers=["desk.cases"])
    run()
    assert outcomes(order) == [("missed", "not_authorised")]


def test_only_who_may_issue_each_case_orders_it(scene: Stage) -> None:
    case = scene.submit()
    for actor in (scene.people.bruno, scene.people.alicia):
        with pytest.raises(NotAuthorised):
            actions.order_issuing(actor=actor, cases=[(case, case.revision)], key="1")
    with pytest.raises(NotAuthorised):
        actions.issue_next(actor=scene.ana)
    assert not BulkOrder.objects.exists()


def test_a_fault_of_one_case_does_not_stop_the_others_and_a_lost_database_waits(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = ordered(scene, scene.submit(), scene.submit())
    with monkeypatch.context() as broken:
        broken.setattr(bulk, "issue_apostille", _raises(OperationalError))
        with pytest.raises(OperationalError):
            actions.issue_next(actor=SYSTEM)
        broken.setattr(bulk, "issue_apostille", _raises(ZeroDivisionError))
        actions.issue_next(actor=SYSTEM)
    run()
    assert outcomes(order) == [("missed", "failed"), ("issued", "")]


def _raises(error: type[Exception]) -> Callable[..., None]:
    def run(**_: object) -> None:
        raise error

    return run


def test_the_worker_issues_under_its_own_role(scene: Stage, as_worker: AsWorker) -> None:
    order = ordered(scene, scene.submit())
    with as_worker():
        run()
    assert outcomes(order) == [("issued", "")]


def test_only_cases_in_which_nothing_is_left_to_look_at_are_offered(
    scene: Stage, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    mine, waiting = scene.submit(), scene.submit()
    ordered(scene, waiting)
    admit_case(actor=scene.ana, case=mine)
    found = list(queries.issuable(viewer=scene.ana))
    assert found == [mine]
    with django_assert_num_queries(3):
        assert [ready.specimen for ready in queries.ready_among(found)] == [scene.authority]
    assert list(queries.issuable(viewer=scene.ana, entity=scene.authority.entity_id)) == [mine]
    assert not queries.issuable(viewer=scene.ana, entity="entity:other").exists()
    assert not queries.issuable(viewer=scene.people.alicia).exists()
    amended(scene, valid_to=date(2025, 2, 1))
    assert queries.ready_among(found) == []

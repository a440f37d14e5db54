"""Batches sent by an entity, cut at any point and sent again; and orders of an officer, each case an act of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from django.db import OperationalError

from cancilleria.domains.apostille import actions, queries, tasks
from cancilleria.domains.apostille.actions import batches, bulk
from cancilleria.domains.apostille.models import Apostille, Batch, BatchItem
from cancilleria.domains.apostille.tests.cast import ANSWERS, Stage, amended, entity, keys, stage
from cancilleria.kernel.cases.actions import decide_case, note_case
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.procedures import Problem
from cancilleria.kernel.organs.actions import relieve_officer
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
SUBMITTED = ["person.registered", "person.contact_noted", "case.submitted"]
ISSUED = ["case.admitted", "case.decided", "case.notified", "apostille.issued"]


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        yield found


def sender(scene: Stage) -> Actor:
    return Actor(scene.authority.entity_id)


def opened(scene: Stage) -> Batch:
    return actions.open_batch(actor=sender(scene), batch=uuid.uuid4(), entity=scene.authority.entity, files=2)


def sent(scene: Stage, batch: Batch, data: bytes, name: str = "partida.pdf") -> BatchItem:
    return actions.submit_item(actor=sender(scene), batch=batch, name=name, data=data, answers=ANSWERS)


def test_a_batch_is_opened_once_and_only_by_its_entity(scene: Stage) -> None:
    batch = verify_action(lambda: opened(scene), records=["batch.received"])
    again = lambda who: actions.open_batch(actor=who, batch=batch.pk, entity=batch.entity, files=2)  # noqa: E731
    assert verify_action(lambda: again(sender(scene)), records=[]) == batch
    with pytest.raises(NotAuthorised):
        again(Actor(entity("Otra").pk))


def test_the_same_bytes_are_one_case_however_often_they_are_sent(scene: Stage) -> None:
    batch = opened(scene)
    first = verify_action(lambda: sent(scene, batch, keys().document), records=SUBMITTED)
    assert first.case is not None
    assert first.case.channel == "batch"
    again = verify_action(lambda: sent(scene, batch, keys().document, "copia.pdf"), records=[])
    assert (again.case, Case.objects.count()) == (first.case, 1)
    verify_action(lambda: actions.close_batch(actor=sender(scene), batch=batch), records=["batch.closed"])
    assert Entry.objects.get(verb="batch.closed").facts == {"done": 1, "refused": 0}


def test_a_file_that_cannot_be_a_request_says_why_and_leaves_nothing_behind(scene: Stage) -> None:
    batch = opened(scene)
    for data, code in ((keys().scan, "unsigned"), (b"no soy un PDF", "media_type"), (b"%PDF-1.7 roto", "unreadable")):
        item = verify_action(lambda data=data: sent(scene, batch, data), records=["batch.refused"])  # type: ignore[misc]
        assert (item.case, item.problem) == (None, code)
        assert item.message
        verify_action(lambda data=data: sent(scene, batch, data), records=[])  # type: ignore[misc]
    assert (Case.objects.count(), Draft.objects.count()) == (0, 0)
    problem = Problem("", "unlisted", "No figura")
    refused = actions.refuse_item(actor=sender(scene), batch=batch, name="a.pdf", sha256="0" * 64, problem=problem)
    assert refused.problem == "unlisted"


def test_a_signature_of_another_entity_does_not_pass_in_this_ones_batch(scene: Stage) -> None:
    other = entity("Otra")
    batch = actions.open_batch(actor=Actor(other.pk), batch=uuid.uuid4(), entity=other, files=1)
    item = actions.submit_item(actor=Actor(other.pk), batch=batch, name="a.pdf", data=keys().document, answers=ANSWERS)
    assert (item.case, item.problem) == (None, "other_entity")


def test_what_was_refused_goes_in_once_the_cause_is_mended(scene: Stage) -> None:
    amended(scene, fingerprint="0" * 64)
    batch = opened(scene)
    assert sent(scene, batch, keys().document).problem == "not_registered"
    amended(scene, fingerprint=keys().rosa.certificate.fingerprint(hashes.SHA256()).hex())
    item = sent(scene, batch, keys().document)
    assert (item.problem, Case.objects.count()) == ("", 1)


def test_an_item_is_wholly_in_or_wholly_out_wherever_it_is_cut(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = opened(scene)
    before = Entry.objects.count()
    for step in ("record", "submit_case"):
        target = (
            "cancilleria.kernel.cases.actions.submission.record" if step == "record" else f"{batches.__name__}.{step}"
        )

        def cut(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(target, cut)
            with pytest.raises(KeyboardInterrupt):
                sent(scene, batch, keys().document)
        assert (Case.objects.count(), BatchItem.objects.count(), Draft.objects.count()) == (0, 0, 0)
        assert Entry.objects.count() == before
    assert sent(scene, batch, keys().document).case is not None


def test_an_officer_orders_cases_together_and_each_is_an_act_under_their_name(scene: Stage) -> None:
    cases = [scene.submit() for _ in range(3)]
    order = verify_action(lambda: actions.order_signing(actor=scene.ana, cases=cases), records=["signing.ordered"])
    assert scene.people.queued.tasks[-1] == ("apostille.bulk", {"order": str(order.pk)})
    decide_case(actor=scene.ana, case=cases[1], outcome="denied", reason="Se atendió aparte")
    verify_action(lambda: tasks.bulk(str(order.pk)), records=[*ISSUED, *ISSUED, "signing.finished"])
    assert set(Entry.objects.filter(verb="apostille.issued").values_list("actor", flat=True)) == {scene.ana.key}
    told = [(item.done, bool(item.reason)) for item in order.items.all()]
    assert told == [(True, False), (True, True), (True, False)]
    assert queries.tally_of(order) == queries.Tally(issued=2, refused=1, waiting=0)
    verify_action(lambda: tasks.bulk(str(order.pk)), records=[])


def test_an_order_cut_in_the_middle_goes_on_where_it_stopped(scene: Stage) -> None:
    order = actions.order_signing(actor=scene.ana, cases=[scene.submit() for _ in range(2)])
    actions.sign_item(actor=scene.ana, item=order.items.all()[0])
    assert verify_action(lambda: actions.finish_signing(actor=SYSTEM, order=order), records=[]).finished_id is None
    tasks.bulk(str(order.pk))
    assert Apostille.objects.count() == 2


def test_who_was_relieved_after_ordering_signs_nothing_more(scene: Stage) -> None:
    order = actions.order_signing(actor=scene.ana, cases=[scene.submit()])
    relieve_officer(actor=SYSTEM, posting=Posting.objects.get(pk=scene.ana.key), last_day=date(2026, 1, 2))
    verify_action(lambda: tasks.bulk(str(order.pk)), records=["signing.finished"])
    assert not Apostille.objects.exists()
    assert "facultad" in order.items.get().reason


def test_nobody_orders_without_the_power_or_for_two_offices(scene: Stage) -> None:
    with pytest.raises(NotAuthorised):
        actions.order_signing(actor=scene.people.alicia, cases=[scene.submit()])
    with pytest.raises(ValueError, match="0 cases"):
        actions.order_signing(actor=scene.ana, cases=[])


def test_a_repeated_press_is_the_same_order(scene: Stage) -> None:
    cases = [scene.submit()]
    order = actions.order_signing(actor=scene.ana, cases=cases, key="página")
    again = lambda: actions.order_signing(actor=scene.ana, cases=cases, key="página")  # noqa: E731
    assert verify_action(again, records=[]) == order
    assert queries.order_of(scene.ana, "página") == order
    assert queries.order_of(scene.people.alicia, "página") is None


def test_a_case_that_changed_after_it_was_ordered_is_not_issued(scene: Stage) -> None:
    changed, other = scene.submit(), scene.submit()
    order = actions.order_signing(actor=scene.ana, cases=[changed, other])
    note_case(actor=scene.ana, case=Case.objects.get(pk=changed.pk), text="Falta mirar el sello")
    tasks.bulk(str(order.pk))
    assert [bool(item.reason) for item in order.items.all()] == [True, False]
    assert "cambió después" in order.items.all()[0].reason
    assert Apostille.objects.get().case == other


def test_a_fault_of_one_case_does_not_stop_the_others_and_a_lost_database_waits(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = actions.order_signing(actor=scene.ana, cases=[scene.submit(), scene.submit()])
    with monkeypatch.context() as broken:
        broken.setattr(bulk, "issue_apostille", raising(OperationalError))
        with pytest.raises(OperationalError):
            tasks.bulk(str(order.pk))
        assert queries.tally_of(order).waiting == 2
        broken.setattr(bulk, "issue_apostille", raising(ZeroDivisionError))
        actions.sign_item(actor=scene.ana, item=order.items.all()[0])
    tasks.bulk(str(order.pk))
    assert queries.tally_of(order) == queries.Tally(issued=1, refused=1, waiting=0)
    verify_action(lambda: tasks.bulk(str(order.pk)), records=[])


def raising(error: type[Exception]) -> Callable[..., None]:
    def run(**_: object) -> None:
        raise error

    return run


def test_the_worker_issues_what_was_ordered_under_its_own_role(
    scene: Stage, as_worker: Callable[[], AbstractContextManager[None]]
) -> None:
    order = actions.order_signing(actor=scene.ana, cases=[scene.submit()])
    with as_worker():
        tasks.bulk(str(order.pk))
    assert queries.tally_of(order) == queries.Tally(issued=1, refused=0, waiting=0)


def test_what_may_be_signed_together_is_read_in_as_many_questions_for_one_as_for_many(
    scene: Stage, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    for many in (1, 3):
        scene.submit()
        scene.submit() if many == 3 else None
        with django_assert_num_queries(6):
            found = queries.ready(queries.waiting(scene.ana))
        assert (len(found), {r.problem for r in found}, {r.specimen for r in found}) == (many, {""}, {scene.authority})
    assert len(queries.waiting(scene.ana, entity=scene.authority.entity_id)) == 3
    assert not queries.waiting(scene.ana, entity="entity:other")

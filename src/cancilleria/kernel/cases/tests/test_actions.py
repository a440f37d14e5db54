"""The life of a case, with the chess club: every action replayed from the register."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cancilleria.kernel.cases import actions, drafts, queries
from cancilleria.kernel.cases.actions import NotAcceptable, OtherBody
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.norms import Norm
from cancilleria.kernel.cases.rules import DELIVERED, DENIED, GRANTED, NOTIFIED, READY, CannotFollow, urgency
from cancilleria.kernel.organs.authority import NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, on_stage
from cancilleria.kernel.testing.club import NORM
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


def test_a_submitted_case_has_number_term_and_receipt(cast: Cast) -> None:
    case = verify_action(cast.submit, records=["case.submitted"])
    assert queries.number_of(case).endswith("-CLUB-000001")
    assert case.due_on > case.filed_on
    assert case.documents.get().field == "letter"
    assert cast.sent.kinds == ["received"]
    assert Draft.objects.get().answers == {}


def test_the_same_key_gives_the_same_case(cast: Cast) -> None:
    draft = cast.draft()
    body = drafts.body_digest(draft)
    again = [
        actions.submit_case(actor=cast.carla, draft=draft, key="k1", body=body, capital=HEADQUARTERS) for _ in range(3)
    ]
    assert len({found.case.pk for found in again}) == 1
    assert [found.again for found in again] == [False, True, True]
    assert Entry.objects.filter(verb="case.submitted").count() == 1
    with pytest.raises(OtherBody):
        actions.submit_case(actor=cast.carla, draft=draft, key="k1", body="another", capital=HEADQUARTERS)


def test_answers_changed_after_the_review_are_not_submitted(cast: Cast) -> None:
    draft = cast.draft()
    body = drafts.body_digest(draft)
    drafts.answer(draft, {"given_names": "Otra"})
    with pytest.raises(OtherBody):
        actions.submit_case(actor=cast.carla, draft=draft, key="k1", body=body, capital=HEADQUARTERS)
    assert Case.objects.count() == 0


def test_what_is_missing_or_unlawful_is_named_and_nothing_is_recorded(cast: Cast) -> None:
    draft = cast.draft(age="child", first_surname="")
    drafts.detach(draft, "letter")
    with pytest.raises(NotAcceptable) as found:
        cast.submit(draft)
    assert {(p.field, p.code) for p in found.value.problems} == {
        ("first_surname", "missing"), ("letter", "missing"), ("age", "too_young"),
    }  # fmt: skip
    assert not Entry.objects.filter(verb="case.submitted").exists()
    assert cast.sent.kinds == []


def test_a_granted_case_goes_from_decision_to_delivery(cast: Cast) -> None:
    case = cast.submit()
    verify_action(
        lambda: actions.decide_case(actor=cast.alicia, case=case, outcome=GRANTED),
        records=["case.admitted", "case.decided", "case.notified"],
    )
    assert case.state == NOTIFIED
    verify_action(lambda: actions.make_ready(actor=cast.alicia, case=case), records=["case.ready"])
    assert case.state == READY
    verify_action(lambda: actions.deliver_case(actor=cast.carla, case=case), records=["case.delivered"])
    verify_action(lambda: actions.deliver_case(actor=cast.carla, case=case), records=[])
    assert Case.objects.get().state == DELIVERED
    assert cast.sent.kinds == ["received", "decided.granted", "ready"]


def test_an_admitted_case_belongs_to_who_took_it(cast: Cast) -> None:
    case = cast.submit()
    verify_action(lambda: actions.admit_case(actor=cast.alicia, case=case), records=["case.admitted"])
    assert Case.objects.get().officer == cast.alicia.key
    verify_action(
        lambda: actions.decide_case(actor=cast.alicia, case=case, outcome=DENIED, reason="No hay sitio"),
        records=["case.decided", "case.notified"],
    )
    assert (case.outcome, case.reason) == (DENIED, "No hay sitio")


def test_a_case_is_decided_once(cast: Cast) -> None:
    case = cast.submit()
    actions.decide_case(actor=cast.alicia, case=case, outcome=GRANTED)
    with pytest.raises(CannotFollow):
        actions.decide_case(actor=cast.alicia, case=case, outcome=DENIED, reason="otra vez")
    assert Case.objects.get().outcome == GRANTED


def test_an_officer_of_another_organ_neither_sees_nor_decides(cast: Cast) -> None:
    case = cast.submit()
    assert queries.case_for(case.pk, viewer=cast.bruno) is None
    assert queries.case_for(case.pk, viewer=cast.carla) is None
    assert queries.case_for(case.pk, viewer=cast.alicia) == case
    assert queries.case_for(case.pk, viewer=cast.diego) == case
    with pytest.raises(NotAuthorised):
        actions.decide_case(actor=cast.bruno, case=case, outcome=GRANTED)


def test_number_and_code_find_the_case_and_nothing_else_does(cast: Cast) -> None:
    case = cast.submit()
    number, code = queries.number_of(case), queries.tracking_code(case.pk)
    found = queries.track(number, code.lower().replace("-", " "))
    assert found is not None
    assert found.case == case
    assert queries.track(number, queries.tracking_code(uuid.uuid4())) is None
    assert queries.track(number.replace("000001", "000002"), code) is None
    assert queries.track("nada", "nada") is None


def test_a_draft_is_found_by_its_code_on_another_device(cast: Cast) -> None:
    draft = cast.draft()
    assert drafts.find(drafts.code_of(draft.pk)) == draft
    assert drafts.find("0000-0000-0000-00") is None


def test_the_tray_is_ordered_by_term_and_finds_number_and_name(cast: Cast) -> None:
    first, second = cast.submit(), cast.submit(cast.draft(given_names="Óscar"))
    assert list(queries.tray(viewer=cast.alicia)) == [first, second]
    assert list(queries.tray(viewer=cast.alicia, text=queries.number_of(second))) == [second]
    assert list(queries.tray(viewer=cast.bruno)) == []


def test_a_changed_norm_is_a_new_version_and_an_equal_one_is_not(cast: Cast) -> None:
    before = queries.current_version("membership")
    case = cast.submit()

    def load(norm: Norm) -> list[str]:
        organ = Organ.objects.get(pk=HEADQUARTERS)
        return actions.load_procedures(actor=cast.diego, organ=organ, norms={"membership": norm})

    verify_action(lambda: load(NORM), records=[])
    changed = verify_action(lambda: load(replace(NORM, term_days=9)), records=["procedure.changed"])
    assert changed == ["membership"]
    assert queries.current_version("membership").number == before.number + 1
    assert Case.objects.get(pk=case.pk).version == before


@pytest.mark.parametrize(("state", "days", "standing"), [
    ("submitted", -1, "late"), ("admitted", 0, "today"), ("admitted", 1, ""), ("ready", -1, ""),
])  # fmt: skip
def test_only_a_case_that_waits_for_its_decision_is_urgent(state: str, days: int, standing: str) -> None:
    today = date(2026, 11, 24)
    assert urgency(state, today + timedelta(days=days), today) == standing

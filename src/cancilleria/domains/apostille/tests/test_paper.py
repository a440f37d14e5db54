"""Paper: compared with a specimen, printed on a form; a signature not on file is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Apostille, Certifier, Form
from cancilleria.domains.apostille.tests.cast import ABROAD, WHOLE, Stage, by_hand, stage
from cancilleria.kernel.cases.actions import NotAcceptable, resume_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import ADMITTED, AWAITING_BODY
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import ANNULLED, CORRECTED, status_of
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
ISSUE = ["case.admitted", "case.decided", "case.notified", "apostille.issued", "form.used"]


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        yield found


def issued(scene: Stage, case: Case | None = None) -> Apostille:
    found = actions.issue_on_paper(
        actor=scene.ana, case=case or scene.paper(), specimen=by_hand(), comparison=WHOLE, form=scene.form()
    )
    assert isinstance(found, Apostille)
    return found


def codes(error: pytest.ExceptionInfo[NotAcceptable]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_an_apostille_on_paper_says_what_was_compared_and_takes_a_form(scene: Stage) -> None:
    case, specimen, form = scene.paper(), by_hand(), scene.form()
    found = verify_action(
        lambda: actions.issue_on_paper(actor=scene.ana, case=case, specimen=specimen, comparison=WHOLE, form=form),
        records=ISSUE,
    )
    facts = found.entry.facts
    assert (facts["route"], facts["signature_compared"], facts["capacity_compared"], facts["seal_compared"]) == (
        "paper", True, True, True,
    )  # fmt: skip
    assert queries.fields_of(found.entry)["seal_of"] == "Registro Inventado"
    held = queries.form_of(found)
    assert held is not None
    assert held.serial == "A000001"
    assert scene.people.queued.tasks[-1] == ("apostille.sign", {"apostille": str(found.pk)})


def test_nothing_is_issued_that_was_not_compared_nor_without_a_form(scene: Stage) -> None:
    case, specimen, form = scene.paper(), by_hand(), scene.form()
    issue = {"actor": scene.ana, "case": case, "specimen": specimen, "form": form}
    for missing in ("signature", "capacity", "seal"):
        with pytest.raises(actions.NotCompared):
            actions.issue_on_paper(**issue, comparison=replace(WHOLE, **{missing: False}))
    Form.objects.filter(pk=form.pk).update(state="spoiled", reason="Manchado")
    with pytest.raises(actions.FormTaken):
        actions.issue_on_paper(**issue, comparison=WHOLE)
    assert not Apostille.objects.exists()
    assert Case.objects.get(pk=case.pk).state == "submitted"


def test_a_document_without_a_seal_is_said_to_have_none(scene: Stage) -> None:
    found = actions.issue_on_paper(
        actor=scene.ana, case=scene.paper(), specimen=by_hand(), form=scene.form(),
        comparison=replace(WHOLE, seal=False, no_seal=True),
    )  # fmt: skip
    assert found.entry.facts["seal_compared"] is False


@pytest.mark.parametrize(("changed", "code"), [
    ({"valid_from": date(2026, 3, 2)}, "out_of_date"), ({"valid_to": date(2026, 2, 28)}, "out_of_date"),
    ({"withdrawn": True}, "withdrawn"), ({"state": "ES"}, "not_eligible"),
])  # fmt: skip
def test_a_specimen_that_does_not_hold_for_the_signature_is_refused(
    scene: Stage, changed: dict[str, object], code: str
) -> None:
    withdrawn = bool(changed.pop("withdrawn", False))
    specimen = by_hand(**changed)
    if withdrawn:
        actions.correct_specimen(actor=SYSTEM, specimen=specimen, reason="Error")
        specimen.refresh_from_db()
    with pytest.raises(NotAcceptable) as found:
        actions.issue_on_paper(
            actor=scene.ana, case=scene.paper(), specimen=specimen, comparison=WHOLE, form=scene.form()
        )
    assert codes(found) == [code]


@pytest.mark.parametrize(("changed", "code"), [
    ({"destination": "GR"}, "objection"), ({"destination": "CU"}, "not_party"), ({"destination": "AR"}, "not_yet"),
    ({"destination": "UT"}, "own"), ({"kind": "commercial"}, "excluded_commercial"), ({"kind": "private"}, "excluded_private"),
    ({"kind": "consular"}, "excluded_consular"), ({"parts": "Rosa"}, "unreadable"), ({"signed_on": "2099-01-01"}, "future"),
])  # fmt: skip
def test_the_convention_reaches_paper_as_it_does_files(scene: Stage, changed: dict[str, str], code: str) -> None:
    with pytest.raises(NotAcceptable) as found:
        scene.paper(**changed)
    assert codes(found) == [code]


def test_the_last_certification_is_certified_when_those_before_are_there(scene: Stage) -> None:
    rows = [("notarial", 1, "Colegio de Notarios", "College of Notaries", "inventado")]
    load = {"actor": SYSTEM, "rows": rows, "digest": "x"}
    verify_action(lambda: actions.load_certifiers(**load), records=["certifiers.loaded"])
    verify_action(lambda: actions.load_certifiers(**load), records=[])
    assert Certifier.objects.count() == 1
    notary = "Pedro Inventado; Notario; Notaría Inventada"
    with pytest.raises(NotAcceptable) as found:
        scene.paper(kind="notarial", parts=notary)
    assert codes(found) == ["not_certified"]
    assert "Colegio de Notarios" in str(found.value.problems[0].message)
    case = scene.paper(kind="notarial", parts=f"{notary}\nAna Inventada; Decana; Colegio de Notarios de Utopía")
    assert [part.capacity for part in queries.parts_of(case)] == ["Notario", "Decana"]
    assert issued(scene, case).entry.facts["certifications"] == 1


def test_only_the_organs_of_the_norm_take_it_at_their_window(scene: Stage) -> None:
    with pytest.raises(NotAuthorised):
        scene.paper(actor=scene.people.bruno)
    assert scene.paper().organ == HEADQUARTERS
    assert scene.paper("legalisation_consul", scene.people.bruno, origin="ES", kind="commercial").organ == ABROAD


def test_a_signature_not_on_file_is_asked_for_and_the_case_waits(scene: Stage) -> None:
    case = scene.paper()
    asked = verify_action(
        lambda: actions.ask_specimen(
            actor=scene.ana, case=case, name="Luis Inventado", capacity="Director", entity="Escuela Inventada"
        ),
        records=["case.admitted", "case.paused", "specimen.asked"],
    )
    assert Case.objects.get(pk=case.pk).state == AWAITING_BODY
    specimen = by_hand(name="Luis Inventado", asked=asked)
    assert [row.case for row in queries.waiting_for(specimen)] == [case]
    verify_action(lambda: resume_case(actor=scene.ana, case=case), records=["case.resumed"])
    assert Case.objects.get(pk=case.pk).state == ADMITTED


def test_a_correction_on_paper_takes_another_form_and_an_annulment_none(scene: Stage) -> None:
    first = issued(scene)
    actions.correct_specimen(actor=scene.ana, specimen=first.specimen, reason="Error", capacity="Registradora adjunta")
    with pytest.raises(actions.FormMissing):
        actions.correct_apostille(actor=scene.ana, apostille=first, reason="Cargo")
    form = scene.form()
    second = verify_action(
        lambda: actions.correct_apostille(actor=scene.ana, apostille=first, reason="Cargo", form=form),
        records=["apostille.corrected", "form.used"],
    )
    assert queries.fields_of(second.entry)["capacity"] == "Registradora adjunta"
    assert status_of(first.entry).state == CORRECTED
    assert isinstance(second, Apostille)
    actions.annul_apostille(actor=scene.ana, apostille=second, reason="Revocado")
    assert status_of(second.entry).state == ANNULLED
    assert {form.state for form in queries.forms_of(HEADQUARTERS)} == {"used"}


def test_a_form_that_was_spoiled_in_the_printer_gives_its_act_to_another(scene: Stage) -> None:
    found, instead = issued(scene), scene.form()
    first = queries.form_of(found)
    assert first is not None
    with pytest.raises(actions.FormTaken):
        actions.spoil_form(actor=scene.ana, form=first, reason="Tinta")
    with pytest.raises(actions.FormReasonMissing):
        actions.spoil_form(actor=scene.ana, form=first, reason=" ", instead=instead)
    verify_action(
        lambda: actions.spoil_form(actor=scene.ana, form=first, reason="Tinta", instead=instead),
        records=["form.spoiled", "form.used"],
    )
    assert queries.form_of(found) == instead
    assert queries.stock_of(HEADQUARTERS) == {"blank": 0, "used": 1, "spoiled": 1, "returned": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.filter(pk=first.pk).update(state="used", reason="")


def test_every_form_received_is_accounted_for(scene: Stage) -> None:
    stock = {"organ": HEADQUARTERS, "series": "B"}
    made = verify_action(
        lambda: actions.receive_forms(actor=scene.ana, first=10, count=3, **stock), records=["form.received"]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.receive_forms(actor=scene.ana, first=12, count=1, **stock)
    for wrong in (0, 5_001):
        with pytest.raises(ValueError, match="forms from"):
            actions.receive_forms(actor=scene.ana, first=90, count=wrong, **stock)
    verify_action(lambda: actions.spoil_form(actor=scene.ana, form=made[0], reason="Roto"), records=["form.spoiled"])
    back = {"organ": HEADQUARTERS, "reason": "Cambio de modelo"}
    verify_action(lambda: actions.return_forms(actor=scene.ana, forms=made[1:2], **back), records=["form.returned"])
    with pytest.raises(actions.FormTaken), transaction.atomic():
        actions.return_forms(actor=scene.ana, forms=made, **back)
    with pytest.raises(NotAuthorised):
        actions.receive_forms(actor=scene.people.bruno, first=50, count=1, **stock)
    assert queries.stock_of(HEADQUARTERS) == {"blank": 1, "used": 0, "spoiled": 1, "returned": 1}
    assert [form.serial for form in queries.blank_forms(HEADQUARTERS)] == ["B000012"]


def test_a_form_of_another_organ_is_not_used(scene: Stage) -> None:
    with pytest.raises(actions.FormTaken):
        actions.issue_on_paper(
            actor=scene.ana, case=scene.paper(), specimen=by_hand(), comparison=WHOLE, form=scene.form(ABROAD)
        )
    assert not Entry.objects.filter(verb="apostille.issued").exists()


def test_two_days_apart_two_people_hold_the_same_office(scene: Stage) -> None:
    last = date(2026, 1, 31)
    closed = verify_action(
        lambda: actions.close_specimen(actor=scene.ana, specimen=scene.authority, on=last, reason="Cesó"),
        records=["specimen.closed"],
    )
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.close_specimen(actor=scene.ana, specimen=closed, on=last, reason="Cesó")
    with pytest.raises(IntegrityError), transaction.atomic():
        by_hand(fingerprint=closed.fingerprint, valid_from=last)
    verify_action(
        lambda: by_hand(fingerprint=closed.fingerprint, valid_from=last + timedelta(1)),
        records=["specimen.registered"],
    )
    assert [row.valid_to for row in queries.search("rosa registradora")] == [None, last]


def test_a_specimen_is_replaced_once_and_never_changed(scene: Stage) -> None:
    wrong = by_hand()
    right = verify_action(
        lambda: actions.correct_specimen(actor=scene.ana, specimen=wrong, reason="Nombre", name="Rosa Inventada Paz"),
        records=["specimen.corrected"],
    )
    assert queries.current(wrong) == right
    assert right.signature == wrong.signature
    assert "paz" in right.words
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.correct_specimen(actor=scene.ana, specimen=wrong, reason="Otra vez")
    with pytest.raises(NotAuthorised):
        actions.correct_specimen(actor=scene.people.bruno, specimen=right, reason="x")

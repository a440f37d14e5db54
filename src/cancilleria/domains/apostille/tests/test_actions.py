"""Apostilles: each act replayed from the register; the signed file verified with nothing but itself."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from cancilleria.domains.apostille import actions, queries, tasks
from cancilleria.domains.apostille.models import Apostille
from cancilleria.domains.apostille.tests.cast import PARTIES, Stage, amended, keys, stage
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import DENIED, READY, CannotFollow
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import ANNULLED, CORRECTED, status_of
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.signing import evidence, pki
from cancilleria.services.signing.archive import CannotRenew
from cancilleria.services.signing.pack.check import check_pack
from cancilleria.services.signing.revocation import Revocations
from cancilleria.services.signing.trust import sign

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]
ISSUE = ["case.admitted", "case.decided", "case.notified", "apostille.issued"]


@pytest.fixture
def scene(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(tasks, "WITNESS_PATIENCE", timedelta(0))
    with stage(tmp_path) as found:
        yield found


def issued(scene: Stage) -> Apostille:
    return actions.issue_apostille(actor=scene.ana, case=scene.submit())


def signed(scene: Stage, as_worker: AsWorker, apostille: Apostille) -> bytes:
    """Turn the log once and do the two tasks of the worker, who waits for no witness here."""
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    verify_action(lambda: tasks.sign(str(apostille.pk)), records=["document.signed", "case.ready"])
    verify_action(lambda: tasks.stamp(str(apostille.pk)), records=["document.stamped"])
    version = queries.downloadable(Apostille.objects.get(pk=apostille.pk))
    assert version is not None
    return content(version)


def test_an_apostille_takes_the_next_number_and_waits_to_be_signed(scene: Stage) -> None:
    apostille = verify_action(
        lambda: issued(scene), records=["person.registered", "person.contact_noted", "case.submitted", *ISSUE]
    )
    fields = queries.fields_of(apostille.entry)
    assert fields["signed_by"] == "ROSA INVENTADA"
    assert fields["number"].endswith("-CLUB-000001")
    assert scene.people.queued.tasks[-1] == ("apostille.sign", {"apostille": str(apostille.pk)})
    assert queries.number_of(issued(scene).entry).endswith("-CLUB-000002")


def test_the_signed_file_proves_itself(scene: Stage, as_worker: AsWorker) -> None:
    apostille = issued(scene)
    report = evidence.verify_file(signed(scene, as_worker, apostille), scene.trust())
    assert (report.result, report.reason) == ("valid", "")
    assert report.public["signed_by"] == "ROSA INVENTADA"
    assert report.entry == str(apostille.entry_id)
    assert report.stamped_at is not None
    assert Case.objects.get(pk=apostille.case_id).state == READY
    verify_action(lambda: tasks.sign(str(apostille.pk)), records=[])


def test_its_evidence_pack_holds_and_a_later_stamp_is_one_more_act(
    scene: Stage, as_worker: AsWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    apostille, now = issued(scene), pki.now()
    data = signed(scene, as_worker, apostille)
    (settings.HOME / "confianza.json").write_bytes(sign(scene.trust(), scene.log))
    lists = Revocations(settings.HOME / "pki")
    lists.publish(pki.load(keys().folder / "autoridad.pem"), at=now - timedelta(minutes=1))
    tasks.renew(str(apostille.pk))  # its stamp holds for years
    assert tasks.ask_renewals() == 0
    assert queries.downloadable(Apostille.objects.get(pk=apostille.pk)).number == 2
    monkeypatch.setattr(tasks, "RENEW_BEFORE", timedelta(days=365 * 50))
    assert tasks.ask_renewals() == 1
    verify_action(lambda: tasks.renew(str(apostille.pk)), records=["document.renewed"])
    newest = queries.downloadable(Apostille.objects.get(pk=apostille.pk))
    assert (newest.number, content(newest).startswith(data)) == (3, True)
    pack = queries.evidence_pack(Apostille.objects.get(pk=apostille.pk))
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    found = check_pack(members, None, now + timedelta(minutes=5))
    assert (found.public["signed_by"], len(found.signed), found.lists) == ("ROSA INVENTADA", 3, 1)
    lists.path.unlink()
    with pytest.raises(CannotRenew):
        tasks.renew(str(apostille.pk))
    assert queries.downloadable(Apostille.objects.get(pk=apostille.pk)) == newest


def test_before_the_log_has_its_proof_nothing_is_signed(scene: Stage) -> None:
    apostille = issued(scene)
    with pytest.raises(tasks.NotYet):
        tasks.sign(str(apostille.pk))
    assert queries.downloadable(apostille) is None


def test_whoever_holds_number_date_and_code_sees_the_ten_fields_and_nobody_else(scene: Stage) -> None:
    apostille = issued(scene)
    number, code = queries.number_of(apostille.entry), queries.verification_code(apostille.entry_id)
    on = queries.issued_on(apostille.entry)
    found = queries.verify(number, code.lower(), on=on)
    assert found is not None
    assert tuple(found.fields) == queries.FIELDS
    assert found.status.in_force
    assert queries.verify(number, queries.verification_code(uuid.uuid4()), on=on) is None
    assert queries.verify(number, code, on=date(2001, 1, 1)) is None
    assert queries.verify("2026-CLUB-999999", code, on=on) is None
    assert queries.verify("' OR 1=1", "x") is None


def test_a_refusal_demands_a_reason_the_applicant_reads(scene: Stage) -> None:
    case = scene.submit()
    with pytest.raises(actions.ReasonMissing):
        actions.refuse_apostille(actor=scene.ana, case=case, reason="  ")
    verify_action(
        lambda: actions.refuse_apostille(actor=scene.ana, case=case, reason="No se lee"),
        records=["case.admitted", "case.decided", "case.notified"],
    )
    assert (case.outcome, case.reason) == (DENIED, "No se lee")
    with pytest.raises(CannotFollow):
        actions.issue_apostille(actor=scene.ana, case=case)
    assert not Apostille.objects.exists()


def test_an_annulment_is_told_with_its_reason_and_stands_once(scene: Stage) -> None:
    apostille = issued(scene)
    verify_action(
        lambda: actions.annul_apostille(actor=scene.ana, apostille=apostille, reason="Documento revocado"),
        records=["apostille.annulled"],
    )
    found = queries.verify(queries.number_of(apostille.entry), queries.verification_code(apostille.entry_id))
    assert found is not None
    assert (found.status.state, found.reason) == (ANNULLED, "Documento revocado")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.annul_apostille(actor=scene.ana, apostille=apostille, reason="otra vez")


def test_a_correction_takes_a_new_number_and_names_the_old_one(scene: Stage) -> None:
    apostille = issued(scene)
    amended(scene, capacity="Registradora adjunta")
    corrected = verify_action(
        lambda: actions.correct_apostille(
            actor=scene.ana, apostille=queries.apostilles_of(apostille.case)[0], reason="Cargo mal registrado"
        ),
        records=["apostille.corrected"],
    )
    assert queries.fields_of(corrected.entry)["capacity"] == "Registradora adjunta"
    assert status_of(apostille.entry).state == CORRECTED
    found = queries.verify(queries.number_of(apostille.entry), queries.verification_code(apostille.entry_id))
    assert found is not None
    assert found.changed_by == queries.number_of(corrected.entry)


@pytest.mark.parametrize(("changed", "code"), [
    ({"destination": "GR"}, "objection"), ({"destination": "CU"}, "not_party"), ({"destination": "AR"}, "not_yet"),
    ({"destination": "UT"}, "own"), ({"kind": "commercial"}, "excluded_commercial"), ({"kind": "private"}, "excluded_private"),
    ({"kind": "consular"}, "excluded_consular"),
])  # fmt: skip
def test_what_the_convention_does_not_reach_is_refused(scene: Stage, changed: dict[str, str], code: str) -> None:
    with pytest.raises(NotAcceptable) as found:
        scene.submit(scene.draft(**changed))
    assert [problem.code for problem in found.value.problems] == [code]
    assert str(found.value.problems[0].message)


def test_an_apostille_is_refused_when_the_document_has_no_signature(scene: Stage) -> None:
    with pytest.raises(NotAcceptable) as found:
        scene.submit(scene.draft(keys().scan))
    assert [problem.code for problem in found.value.problems] == ["unsigned"]


def test_an_apostille_is_refused_when_the_signature_is_not_in_the_register(scene: Stage) -> None:
    amended(scene, fingerprint="0" * 64)
    with pytest.raises(NotAcceptable) as found:
        scene.submit()
    assert [problem.code for problem in found.value.problems] == ["not_registered"]


def test_an_authority_that_had_left_office_is_refused_even_after_submission(scene: Stage) -> None:
    case = scene.submit()
    actions.close_specimen(actor=scene.ana, specimen=scene.authority, on=date(2025, 12, 31), reason="Cesó")
    with pytest.raises(NotAcceptable) as found:
        actions.issue_apostille(actor=scene.ana, case=case)
    assert [problem.code for problem in found.value.problems] == ["out_of_date"]
    assert Case.objects.get().state == "submitted"


def test_only_the_competent_organ_issues(scene: Stage) -> None:
    with pytest.raises(NotAuthorised):
        actions.issue_apostille(actor=scene.people.bruno, case=scene.submit())
    assert not Entry.objects.filter(verb="apostille.issued").exists()


def test_parties_are_recorded_when_they_change(scene: Stage) -> None:
    again = {"source": "inventado", "as_of": date(2026, 1, 1), "digest": "y"}
    verify_action(lambda: actions.load_parties(actor=SYSTEM, rows=PARTIES, **again), records=[])
    verify_action(lambda: actions.load_parties(actor=SYSTEM, rows=PARTIES[:1], **again), records=["parties.loaded"])

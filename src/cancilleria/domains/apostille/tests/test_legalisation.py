"""Legalisation: outward, by a consul, and of the consul's signature; each in its book, each found by verification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest

from cancilleria.domains.apostille import actions, queries, tasks
from cancilleria.domains.apostille.models import Legalisation, Specimen
from cancilleria.domains.apostille.tests.cast import ABROAD, POWERS, WHOLE, Stage, by_hand, entity, stage
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import READY
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.organs.actions import name_second, second_act
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.limits import HouseRules, house_rules
from cancilleria.kernel.organs.models import Organ, Posting
from cancilleria.kernel.organs.pairs import NeedsSecond
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import ANNULLED, CORRECTED, sentence_of, status_of
from cancilleria.kernel.register.verbs import verbs
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.signing import evidence

pytestmark = pytest.mark.django_db
ISSUE = ["case.admitted", "case.decided", "case.notified", "legalisation.issued", "form.used"]
AsWorker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def scene(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(tasks, "WITNESS_PATIENCE", timedelta(0))
    with stage(tmp_path) as found:
        yield found


@pytest.fixture
def marta(scene: Stage) -> Actor:
    """A consul who legalises abroad."""
    return officer("Marta", ABROAD, POWERS)


def of_consul(marta: Actor, **changed: object) -> Specimen:
    """The consul's own specimen, held by headquarters."""
    given = {
        "kind": "own_consul",
        "organ": ABROAD,
        "posting": marta.key,
        "name": "Marta Inventada",
        "capacity": "Cónsul",
    }
    return by_hand(**{**given, "state": "UT", **changed})


def foreign(**changed: object) -> Specimen:
    """An authority of the State where the consul serves."""
    return by_hand(state="ES", name="Javier Inventado", **changed)


def consular(scene: Stage, marta: Actor) -> Legalisation:
    case = scene.paper("legalisation_consul", marta, origin="ES", kind="commercial")
    found = actions.issue_on_paper(
        actor=marta, case=case, specimen=foreign(), comparison=WHOLE, form=scene.form(ABROAD)
    )
    assert isinstance(found, Legalisation)
    return found


def test_headquarters_legalises_outward_what_the_convention_does_not_reach(scene: Stage) -> None:
    case, specimen, form = scene.paper("legalisation_out", destination="CU"), by_hand(), scene.form()
    found = verify_action(
        lambda: actions.issue_on_paper(actor=scene.ana, case=case, specimen=specimen, comparison=WHOLE, form=form),
        records=ISSUE,
    )
    facts = found.entry.facts
    assert (facts["direction"], facts["state"], facts["kind"]) == ("outward", "CU", "civil_registry")
    assert found.entry.book == "legalisation"
    assert queries.number_of(found.entry).endswith("-CLUB-000001")


@pytest.mark.parametrize(("key", "changed", "code"), [
    ("legalisation_out", {"destination": "ES"}, "apostille"), ("legalisation_out", {"destination": "UT"}, "own"),
    ("legalisation_out", {"destination": "CU", "kind": "private"}, "private"),
    ("legalisation_inward", {"consular_number": "2026-ABR-000009"}, "unknown"),
    ("legalisation_inward", {"signed_on": ""}, "missing"),
])  # fmt: skip
def test_what_is_not_legalised_says_why(scene: Stage, key: str, changed: dict[str, str], code: str) -> None:
    with pytest.raises(NotAcceptable) as found:
        scene.paper(key, **changed)
    assert [problem.code for problem in found.value.problems] == [code]


@pytest.mark.parametrize(("state", "kind"), [("GR", "notarial"), ("AR", "court"), ("ES", "commercial")])
def test_objection_not_yet_in_force_and_excluded_kinds_are_legalised(scene: Stage, state: str, kind: str) -> None:
    assert scene.paper("legalisation_out", destination=state, kind=kind).organ == HEADQUARTERS


def test_a_consul_legalises_and_headquarters_legalises_the_consul(scene: Stage, marta: Actor) -> None:
    first = consular(scene, marta)
    assert first.entry.organ == ABROAD
    assert first.entry.facts["direction"] == "consular"
    number = queries.number_of(first.entry)
    case = scene.paper("legalisation_inward", consular_number=number, kind="commercial")
    mine, _other, another = of_consul(marta), foreign(), of_consul(marta, posting="posting:another")
    assert queries.candidates(case, "") == [mine]
    issue = {"actor": scene.ana, "case": case, "comparison": WHOLE, "form": scene.form()}
    with pytest.raises(NotAcceptable) as wrong:
        actions.issue_on_paper(specimen=another, **issue)
    assert [problem.code for problem in wrong.value.problems] == ["not_eligible"]
    second = verify_action(lambda: actions.issue_on_paper(specimen=mine, **issue), records=ISSUE)
    assert isinstance(second, Legalisation)
    assert (second.prior, second.direction) == (first, "inward")
    assert second.entry.public["state"] == "ES"


def test_a_consul_of_another_state_accredited_here_is_legalised_too(scene: Stage) -> None:
    specimen = by_hand(kind="foreign_consul", entity=entity("Consulado Inventado"), state="CU")
    case = scene.paper("legalisation_inward", kind="consular")
    found = actions.issue_on_paper(actor=scene.ana, case=case, specimen=specimen, comparison=WHOLE, form=scene.form())
    assert (found.entry.facts["direction"], found.entry.facts["state"]) == ("inward", "CU")


def test_what_was_annulled_abroad_is_not_legalised_here(scene: Stage, marta: Actor) -> None:
    first = consular(scene, marta)
    verify_action(
        lambda: actions.annul_legalisation(actor=marta, legalisation=first, reason="Documento falso"),
        records=["legalisation.annulled"],
    )
    with pytest.raises(NotAcceptable) as found:
        scene.paper("legalisation_inward", consular_number=queries.number_of(first.entry))
    assert [problem.code for problem in found.value.problems] == ["not_in_force"]


def test_a_consul_alone_annuls_with_a_second_person_far_away(scene: Stage, marta: Actor) -> None:
    first = consular(scene, marta)
    organ = Organ.objects.get(pk=ABROAD)
    far = Posting.objects.get(pk=scene.ana.key)
    name_second(actor=SYSTEM, organ=organ, posting=far, from_date=far.from_date)
    with house_rules.held(HouseRules(two_persons=frozenset({"legalisation.annulled"}))):
        with pytest.raises(NeedsSecond):
            actions.annul_legalisation(actor=marta, legalisation=first, reason="Documento falso")
        proposal = verify_action(
            lambda: actions.propose_annulment(actor=marta, certificate=first, reason="Documento falso"),
            records=["act.proposed"],
        )
        verify_action(
            lambda: second_act(actor=scene.ana, proposal=proposal), records=["act.seconded", "legalisation.annulled"]
        )
    assert status_of(first.entry).state == ANNULLED
    assert Entry.objects.get(verb="legalisation.annulled").actor == marta.key


def test_the_same_number_in_two_books_is_told_apart_by_its_code(scene: Stage) -> None:
    apostille = actions.issue_on_paper(
        actor=scene.ana, case=scene.paper(), specimen=by_hand(), comparison=WHOLE, form=scene.form()
    )
    case = scene.paper("legalisation_out", destination="CU")
    legalisation = actions.issue_on_paper(
        actor=scene.ana, case=case, specimen=by_hand(), comparison=WHOLE, form=scene.form()
    )
    number = queries.number_of(apostille.entry)
    assert queries.number_of(legalisation.entry) == number
    for found, kind in ((apostille, "apostille"), (legalisation, "legalisation")):
        seen = queries.verify(number, queries.verification_code(found.entry_id, kind))
        assert seen is not None
        assert seen.certificate == found
    assert queries.verify(number, queries.verification_code(legalisation.entry_id)) is None


def test_a_correction_is_told_to_whoever_verifies(scene: Stage, marta: Actor) -> None:
    first, form = consular(scene, marta), scene.form(ABROAD)
    second = verify_action(
        lambda: actions.correct_legalisation(actor=marta, legalisation=first, reason="Cargo", form=form),
        records=["legalisation.corrected", "form.used"],
    )
    seen = queries.verify(queries.number_of(first.entry), queries.verification_code(first.entry_id, "legalisation"))
    assert seen is not None
    assert (seen.status.state, seen.changed_by) == (CORRECTED, queries.number_of(second.entry))
    assert isinstance(second, Legalisation)
    assert second.direction == "consular"
    actions.annul_legalisation(actor=marta, legalisation=second, reason="Revocado")
    seen = queries.verify(queries.number_of(second.entry), queries.verification_code(second.entry_id, "legalisation"))
    assert seen is not None
    assert seen.status.state == ANNULLED


def test_the_signed_legalisation_proves_itself(scene: Stage, as_worker: AsWorker) -> None:
    case = scene.paper("legalisation_out", destination="CU")
    found = actions.issue_on_paper(actor=scene.ana, case=case, specimen=by_hand(), comparison=WHOLE, form=scene.form())
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    key = {"legalisation": str(found.pk)}
    assert scene.people.queued.tasks[-1] == ("apostille.sign", key)
    verify_action(lambda: tasks.sign(**key), records=["document.signed", "case.ready"])
    verify_action(lambda: tasks.stamp(**key), records=["document.stamped"])
    version = queries.downloadable(Legalisation.objects.get(pk=found.pk))
    assert version is not None
    report = evidence.verify_file(content(version), scene.trust())
    assert (report.result, report.reason) == ("valid", "")
    assert report.public["direction"] == "outward"
    assert Case.objects.get(pk=case.pk).state == READY


def test_entries_of_before_the_register_of_specimens_are_told_still(scene: Stage) -> None:
    verb = verbs.get("authority.registered")
    record(verb, organ=HEADQUARTERS, zone="UTC", actor="system:worker", facts=verb.facts(authority="authority:rosa"))
    assert sentence_of(Entry.objects.get(verb="authority.registered")) == "Registró la firma de una autoridad"


def test_the_day_of_the_signature_counts_and_not_that_of_the_request(scene: Stage) -> None:
    specimen = by_hand(valid_from=date(2020, 1, 1), valid_to=date(2026, 3, 1))
    case = scene.paper("legalisation_out", destination="CU", signed_on="2026-03-01")
    found = actions.issue_on_paper(actor=scene.ana, case=case, specimen=specimen, comparison=WHOLE, form=scene.form())
    assert found.specimen == specimen

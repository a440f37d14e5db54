"""What is past its time: proposed by the system, asked by one officer, confirmed by another; held cases stay."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cancilleria.domains.apostille.tests.cast import Stage, keys, stage
from cancilleria.kernel.cases import doors
from cancilleria.kernel.cases.actions import decide_case
from cancilleria.kernel.cases.actions.retention import apply_retention, hold_case, lift_hold, note_due
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.retention import Retention, due, held_back, read_retentions, retentions
from cancilleria.kernel.cases.rules import DENIED
from cancilleria.kernel.organs.actions import propose_act, second_act
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import NeedsSecond, Overtaken
from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.kernel.register.models import Entry, Withheld
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.site.erasures import ErasureFile

RULE = Retention("old", "apostille", 12, "erased", {"es": "Viejos", "en": "Old"}, "inventado", "2026-01-01")
FILES_ONLY = Retention("scans", "apostille", 6, "files", {"es": "Archivos", "en": "Files"}, "inventado", "2026-01-01")
POWERS = {"desk.cases", "retention.applied", "hold.placed", "hold.lifted"}


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    listed = ErasureFile(tmp_path / "supresiones.jsonl")
    with stage(tmp_path) as found, doors.erasure_list.held(listed), retentions.held({"old": RULE, "scans": FILES_ONLY}):
        yield found


def ended(scene: Stage, months_ago: int) -> Case:
    case = scene.submit()
    decide_case(actor=scene.ana, case=case, outcome=DENIED, reason="No procede.")
    Case.objects.filter(pk=case.pk).update(notified_on=timezone.now().date() - timedelta(days=31 * months_ago))
    return case


def keeper(name: str) -> Actor:
    return officer(name, HEADQUARTERS, POWERS)


def test_two_persons_dispose_of_what_is_past_its_time_and_a_stub_stays(
    scene: Stage, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    old, held, recent = ended(scene, 14), ended(scene, 14), ended(scene, 2)
    home, first, second = Organ.objects.get(pk=HEADQUARTERS), keeper("Pilar"), keeper("Tomas")
    verify_action(lambda: hold_case(actor=first, case=held, reason="Hay un proceso"), records=["hold.placed"])
    verify_action(lambda: note_due(actor=SYSTEM, rule=RULE, organ=home), records=["retention.due"])
    assert note_due(actor=SYSTEM, rule=RULE, organ=home) is None
    assert [case.pk for case in due(RULE, HEADQUARTERS)] == [old.pk]
    assert held_back(RULE, HEADQUARTERS) == 1
    today = timezone.now().date()
    with pytest.raises(NeedsSecond):
        apply_retention(actor=first, rule=RULE, organ=home, until=today)
    arguments = {"rule": "old", "organ": HEADQUARTERS, "until": today.isoformat()}
    with viewer_scope(first):
        asked = propose_act(
            actor=first,
            verb="retention.applied",
            organ=home,
            subject=f"retention:old:{HEADQUARTERS}",
            arguments=arguments,
        )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        second_act(actor=second, proposal=asked)
    told = Entry.objects.get(verb="retention.applied").facts
    assert (told["cases"], told["disposal"], told["rule"]) == (1, "erased", "old")
    gone = Case.objects.get(pk=old.pk)
    assert (gone.answers, gone.contact, gone.outcome) == ({}, "", DENIED)
    assert Case.objects.get(pk=recent.pk).answers
    assert Case.objects.get(pk=held.pk).answers
    assert not due(RULE, HEADQUARTERS).exists()
    verify_action(lambda: lift_hold(actor=first, case=held, reason="Terminó"), records=["hold.lifted"])
    assert [case.pk for case in due(RULE, HEADQUARTERS)] == [held.pk]
    with pytest.raises(Overtaken):
        lift_hold(actor=first, case=held, reason="Otra vez")


def test_files_go_first_and_the_answers_stay(
    scene: Stage, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    case, home = ended(scene, 8), Organ.objects.get(pk=HEADQUARTERS)
    first, second, today = keeper("Pilar"), keeper("Tomas"), timezone.now().date().isoformat()
    with viewer_scope(first):
        asked = propose_act(
            actor=first, verb="retention.applied", organ=home, subject="retention:scans",
            arguments={"rule": "scans", "organ": HEADQUARTERS, "until": today},
        )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        verify_action(
            lambda: second_act(actor=second, proposal=asked),
            records=["act.seconded", "files.destroyed", "retention.applied"],
        )
    assert Case.objects.get(pk=case.pk).answers["given_names"] == "Carla"
    assert not case.documents.get().document.versions.exists()
    assert Withheld.objects.get().what == "files"
    with pytest.raises(FileNotFoundError):
        scene.people.store.get(hashlib.sha256(keys().document).hexdigest())


def test_the_profile_says_the_terms_and_a_bad_one_is_named(tmp_path: Path) -> None:
    assert read_retentions(tmp_path) == {}
    row = 'key="a"\nprocedure="apostille"\nmonths=0\ndisposal="burn"\nes="A"\nen="A"\nsource="s"\nas_of="2026-01-01"\n'
    (tmp_path / "retention.toml").write_text(f"[[class]]\n{row}")
    with pytest.raises(BadProfile, match="disposal"):
        read_retentions(tmp_path)

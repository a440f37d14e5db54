"""Batches of institutions: one case for each content, whatever is interrupted, repeated or refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.actions import batches as writers
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.tests.cast import ANSWERS, Stage, amended, entity, keys, stage
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.documents.intake import inspect
from cancilleria.kernel.organs.authority import NotAuthorised
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
TAKEN = ["person.registered", "person.contact_noted", "case.submitted"]


class PowerCut(BaseException):
    """The process is gone: nothing of the program may handle it."""


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        yield found


def opened(key: str = "2026-11") -> Batch:
    registry = entity()
    return actions.open_batch(actor=queries.institution(registry), entity=registry, key=key, documents=2)


def file(data: bytes | None = None, name: str = "partida.pdf") -> actions.ReadFile:
    given = data or keys().document
    return actions.ReadFile(name, hashlib.sha256(given).hexdigest(), given, inspect(given))


def take(batch: Batch, data: bytes | None = None, **answers: str) -> BatchItem:
    who = queries.institution(batch.entity)
    return actions.take_document(actor=who, batch=batch, file=file(data), answers={**ANSWERS, **answers})


def test_a_batch_is_received_once_and_its_documents_are_cases_of_the_entity(scene: Stage) -> None:
    batch = verify_action(opened, records=["batch.received"])
    assert verify_action(opened, records=[]) == batch
    item = verify_action(lambda: take(batch), records=TAKEN)
    assert item.case is not None
    assert item.case.entry.actor == batch.entity_id
    assert item.case.state == "submitted"
    assert verify_action(lambda: take(batch), records=[]).case == item.case
    who = queries.institution(batch.entity)
    verify_action(lambda: actions.close_batch(actor=who, batch=batch), records=["batch.closed"])
    verify_action(lambda: actions.close_batch(actor=who, batch=batch), records=[])
    assert Entry.objects.get(verb="batch.closed").facts == {"accepted": 1, "refused": 0}


def test_the_same_content_in_another_batch_is_another_request(scene: Stage) -> None:
    assert take(opened()).case != take(opened("2026-12")).case
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "step", ["drafts.answer", "drafts.attach", "submit_case", "BatchItem.objects.update_or_create"]
)
def test_a_power_cut_at_any_step_leaves_nothing_and_the_document_may_be_sent_again(
    scene: Stage, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    batch, (place, _, name) = opened(), step.rpartition(".")
    target = writers
    for part in filter(None, place.split(".")):
        target = getattr(target, part)
    with monkeypatch.context() as cut:
        cut.setattr(target, name, _cut_after(getattr(target, name)))
        with pytest.raises(PowerCut), transaction.atomic():
            take(batch)
    assert (Case.objects.count(), BatchItem.objects.count(), Draft.objects.count()) == (0, 0, 0)
    assert take(batch).case == Case.objects.get()


def _cut_after(step: Callable[..., object]) -> Callable[..., object]:
    def run(*args: object, **kwargs: object) -> object:
        step(*args, **kwargs)
        raise PowerCut

    return run


@pytest.mark.parametrize(("data", "answers", "code"), [
    ("scan", {}, "unsigned"), ("document", {"destination": "GR"}, "objection"),
    ("document", {"destination": "Atlantis"}, "invalid_destination"), ("document", {"email": ""}, "missing_email"),
    ("document", {"kind": "private"}, "excluded_private"),
])  # fmt: skip
def test_what_the_portal_refuses_is_refused_with_the_same_words(
    scene: Stage, data: str, answers: dict[str, str], code: str
) -> None:
    batch = opened()
    item = verify_action(lambda: take(batch, getattr(keys(), data), **answers), records=["batch.refused"])
    assert (item.state, item.code, item.case) == ("refused", code, None)
    assert len(item.reason) > 20
    verify_action(lambda: take(batch, getattr(keys(), data), **answers), records=[])
    assert not Case.objects.exists()


def test_an_unknown_signer_is_refused_and_taken_once_the_register_knows_them(scene: Stage) -> None:
    batch = opened()
    amended(scene, fingerprint="0" * 64)
    assert take(batch).code == "not_registered"
    amended(scene, fingerprint=keys_fingerprint())
    assert take(batch).state == "in"
    assert BatchItem.objects.count() == 1


def keys_fingerprint() -> str:
    signature = inspect(keys().document).signature
    return signature.signer.fingerprint  # type: ignore[union-attr]


def test_an_entity_sends_only_what_its_own_authorities_signed(scene: Stage) -> None:
    other = entity("Universidad Inventada")
    who = queries.institution(other)
    batch = actions.open_batch(actor=who, entity=other, key="1", documents=1)
    item = take(batch)
    assert item.code == "other_entity"
    assert "Registro Inventado" in item.reason
    with pytest.raises(NotAuthorised):
        actions.take_document(actor=who, batch=opened(), file=file(), answers=ANSWERS)
    with pytest.raises(NotAuthorised):
        actions.open_batch(actor=scene.ana, entity=other, key="2", documents=1)


def test_what_cannot_be_read_is_written_down_once(scene: Stage) -> None:
    batch = opened()
    given = {"actor": queries.institution(batch.entity), "batch": batch, "name": "roto.pdf", "sha256": "0" * 64}

    def refuse(code: str = "unreadable") -> BatchItem:
        return actions.refuse_document(**given, code=code, reason="No se puede leer.")  # type: ignore[arg-type]

    verify_action(refuse, records=["batch.refused"])
    verify_action(refuse, records=[])
    verify_action(lambda: refuse("too_costly"), records=["batch.refused"])
    assert BatchItem.objects.get().code == "too_costly"


def test_the_desk_of_the_organ_that_decides_sees_the_batch_and_others_do_not(scene: Stage) -> None:
    batch = opened()
    take(batch)
    found = queries.batch_for(batch.pk, viewer=scene.ana)
    assert found is not None
    assert (found.accepted, found.refused) == (1, 0)  # type: ignore[attr-defined]
    assert queries.batch_for(batch.pk, viewer=scene.people.bruno) is None
    assert queries.institutions() == [batch.entity]

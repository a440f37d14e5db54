"""Batches of an entity: each file becomes a case or is refused with its reason, alone; sent again, nothing is twice."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from django.db import transaction

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.procedures import APOSTILLE
from cancilleria.domains.apostille.rules import BATCH_PROBLEMS
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import NotAcceptable, submit_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import Problem
from cancilleria.kernel.documents.queries import inspection_of
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Facts, Verb

DOCUMENT = "document"


@transaction.atomic
def open_batch(*, actor: Actor, batch: uuid.UUID, entity: Entity, files: int) -> Batch:
    """Begin a batch, or go on with it. Only the entity itself sends its documents; another's batch is NotAuthorised."""
    _require(actor, entity)
    held = Batch.objects.filter(pk=batch).first()
    if held is not None:
        _require(actor, held.entity)
        return held
    recorded = _record(actor, verbs.BATCH_RECEIVED, batch, verbs.Sent(files=files), subjects=[entity.key])
    return Batch.objects.create(id=batch, entity=entity, entry_id=recorded.id)


@transaction.atomic
def submit_item(*, actor: Actor, batch: Batch, name: str, data: bytes, answers: Mapping[str, str]) -> BatchItem:
    """Make a request of one file: a case, or a refusal that says what to do. The same bytes are one case.

    A file that was refused is tried again: its signature may be known by now. Only the batch's entity may.
    """
    _require(actor, batch.entity)
    sha256 = hashlib.sha256(data).hexdigest()
    held = BatchItem.objects.select_for_update(of=("self",)).filter(batch=batch, sha256=sha256).first()
    if held is not None and held.case_id is not None:
        return held
    try:
        with transaction.atomic():
            case, problem = _submit(actor, batch, sha256, name, data, answers), None
    except Refused as error:
        case, problem = None, Problem(DOCUMENT, error.code, error.message)
    except NotAcceptable as error:
        case, problem = None, error.problems[0]
    return _keep(actor, batch, name, sha256, case, problem)


@transaction.atomic
def refuse_item(*, actor: Actor, batch: Batch, name: str, sha256: str, problem: Problem) -> BatchItem:
    """Keep that a file is no request: it could not be read, or what is said of it cannot be used."""
    _require(actor, batch.entity)
    return _keep(actor, batch, name, sha256, None, problem)


@transaction.atomic
def close_batch(*, actor: Actor, batch: Batch) -> Recorded:
    """Say what became of the batch so far."""
    _require(actor, batch.entity)
    held = BatchItem.objects.filter(batch=batch)
    facts = verbs.Tally(done=held.exclude(case=None).count(), refused=held.filter(case=None).count())
    return _record(actor, verbs.BATCH_CLOSED, batch.pk, facts)


def _submit(actor: Actor, batch: Batch, sha256: str, name: str, data: bytes, answers: Mapping[str, str]) -> Case:
    draft = drafts.start(APOSTILLE, draft_id=uuid.uuid5(batch.pk, sha256))
    drafts.answer(draft, answers)
    drafts.attach(draft, DOCUMENT, data, title=name)
    found = queries.authority_for(inspection_of(draft.documents.get(field=DOCUMENT).document).signature)
    if found is not None and found.entity_id != batch.entity_id:
        raise NotAcceptable([Problem(DOCUMENT, "other_entity", BATCH_PROBLEMS["other_entity"])])
    body = drafts.body_digest(draft)
    return submit_case(actor=actor, draft=draft, key=sha256, body=body, capital=ministry().headquarters).case


def _keep(actor: Actor, batch: Batch, name: str, sha256: str, case: Case | None, problem: Problem | None) -> BatchItem:
    before = BatchItem.objects.filter(batch=batch, sha256=sha256).first()
    code, message = (problem.code, str(problem.message)) if problem else ("", "")
    if problem and (before is None or before.problem != code):
        _record(
            actor, verbs.BATCH_REFUSED, batch.pk, verbs.Refused(problem=code), private={"name": name, "sha256": sha256}
        )
    values = {"name": name, "case": case, "problem": code, "message": message}
    return BatchItem.objects.update_or_create(batch=batch, sha256=sha256, defaults=values)[0]


def _require(actor: Actor, entity: Entity) -> None:
    if actor.key != entity.key:
        raise NotAuthorised(f"{actor.key} sends for {entity.key}")


def _record(
    actor: Actor, verb: Verb, batch: uuid.UUID, facts: Facts, *, subjects: tuple[str, ...] | list[str] = (),
    private: Mapping[str, object] | None = None,
) -> Recorded:  # fmt: skip
    organ = Organ.objects.get(pk=ministry().headquarters)
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, private=private,
        subjects=[f"batch:{batch}", *subjects],
    )  # fmt: skip

"""Batches: an institution sends its signed documents; each becomes a case in a transaction of its own, or is refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.models.batches import IN, REFUSED
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import NotAcceptable, submit_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import Problem, procedures
from cancilleria.kernel.cases.queries import current_version, norm_of
from cancilleria.kernel.documents.rules import Inspection
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.actions import record

PROCEDURE = "apostille"


@dataclass(frozen=True)
class ReadFile:
    """A file of a batch, and what the child process read in it."""

    name: str
    sha256: str
    data: bytes
    found: Inspection


@transaction.atomic
def open_batch(*, actor: Actor, entity: Entity, key: str, documents: int) -> Batch:
    """The entity's batch of this key, received now if unknown. Only the entity itself sends its documents."""
    _require_entity(actor, entity.pk)
    # Two runs of the same command wait for each other here.
    Entity.objects.select_for_update().get(pk=entity.pk)
    known = Batch.objects.filter(entity=entity, key=key).first()
    if known is not None:
        return known
    organ, batch_id = Organ.objects.get(pk=norm_of(current_version(PROCEDURE)).organ), uuid7()
    facts = verbs.BatchFacts(entity=entity.key, documents=documents)
    recorded = record(
        verbs.BATCH_RECEIVED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, private={"key": key},
        subjects=[f"batch:{batch_id}", entity.key],
    )  # fmt: skip
    return Batch.objects.create(id=batch_id, entity=entity, key=key, organ=organ.key, entry_id=recorded.id)


@transaction.atomic
def take_document(*, actor: Actor, batch: Batch, file: ReadFile, answers: Mapping[str, str]) -> BatchItem:
    """Make a case of a document, or write down why not. The same bytes in the same batch are one case, however often sent.

    Whatever happens before the end of the transaction, nothing of the document is left, and it may be sent again.
    """
    known = _known(actor, batch, file.sha256)
    if known is not None and known.state == IN:
        return known
    problems = queries.problems_of(batch, file.found.signature, answers)
    if problems:
        return _refuse(actor, batch, known, file.name, file.sha256, problems)
    try:
        with transaction.atomic():
            case = _submit(actor, batch, file, answers)
    except NotAcceptable as error:
        return _refuse(actor, batch, known, file.name, file.sha256, error.problems)
    values = {"name": file.name, "state": IN, "case": case, "code": "", "reason": "", "counted": False}
    return BatchItem.objects.update_or_create(batch=batch, sha256=file.sha256, defaults=values)[0]


@transaction.atomic
def refuse_document(*, actor: Actor, batch: Batch, name: str, sha256: str, code: str, reason: str) -> BatchItem:
    """Write down a document that could not even be read. Refused before for the same reason: nothing is recorded."""
    known = _known(actor, batch, sha256)
    if known is not None and known.state == IN:
        return known
    return _refuse(actor, batch, known, name, sha256, [Problem("document", code, reason)])


@transaction.atomic
def close_batch(*, actor: Actor, batch: Batch) -> None:
    """Tell what came in and what was refused since the last closing; nothing new, nothing recorded."""
    _require_entity(actor, batch.entity_id)
    Batch.objects.select_for_update().get(pk=batch.pk)
    new = list(batch.items.filter(counted=False).values_list("pk", "state"))
    if not new:
        return
    accepted = sum(state == IN for _pk, state in new)
    organ, facts = Organ.objects.get(pk=batch.organ), verbs.Counts(accepted=accepted, refused=len(new) - accepted)
    record(
        verbs.BATCH_CLOSED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
        subjects=[f"batch:{batch.pk}", batch.entity_id],
    )  # fmt: skip
    batch.items.filter(pk__in=[pk for pk, _state in new]).update(counted=True)


def _known(actor: Actor, batch: Batch, sha256: str) -> BatchItem | None:
    """What became of these bytes before, the batch's row locked: another run of the command waits."""
    _require_entity(actor, batch.entity_id)
    Batch.objects.select_for_update().get(pk=batch.pk)
    return BatchItem.objects.select_related("case__entry").filter(batch=batch, sha256=sha256).first()


def _submit(actor: Actor, batch: Batch, file: ReadFile, answers: Mapping[str, str]) -> Case:
    """The request of a document, as anybody makes it; who pays for it is decided there, with every other request."""
    draft = drafts.start(procedures.get(PROCEDURE), draft_id=uuid.uuid5(batch.pk, file.sha256))
    drafts.answer(draft, answers)
    drafts.attach(draft, "document", file.data, title=file.name, read=file.found)
    body = drafts.body_digest(draft)
    return submit_case(actor=actor, draft=draft, key=file.sha256, body=body, capital=ministry().headquarters).case


def _refuse(
    actor: Actor, batch: Batch, known: BatchItem | None, name: str, sha256: str, problems: list[Problem]
) -> BatchItem:
    code = problems[0].code
    reason = " ".join(str(problem.message) for problem in problems)
    if known is not None and (known.code, known.reason) == (code, reason):
        return known
    organ = Organ.objects.get(pk=batch.organ)
    record(
        verbs.BATCH_REFUSED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.Why(code=code),
        private={"name": name, "reason": reason, "sha256": sha256}, subjects=[f"batch:{batch.pk}", batch.entity_id],
    )  # fmt: skip
    values = {"name": name, "state": REFUSED, "case": None, "code": code, "reason": reason, "counted": False}
    return BatchItem.objects.update_or_create(batch=batch, sha256=sha256, defaults=values)[0]


def _require_entity(actor: Actor, entity: str) -> None:
    if actor.key != entity:
        raise NotAuthorised(f"{actor.key} sends no documents of {entity}")

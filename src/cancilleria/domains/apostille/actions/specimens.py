"""The register of specimens: whose signature is known. A row is closed or replaced, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import verbs
from cancilleria.domains.apostille.models import AskedSpecimen, Specimen
from cancilleria.domains.apostille.models.registers import AUTHORITY
from cancilleria.kernel.cases.actions import admit_case, pause_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import AWAITING_BODY, SUBMITTED
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.people.rules import fold
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.verbs import Verb


class AlreadyWithdrawn(ValueError):
    """Another officer corrected or closed this row before."""


@transaction.atomic
def register_specimen(
    *, actor: Actor, name: str, capacity: str, entity: Entity, valid_from: date, source: str, kind: str = AUTHORITY,
    key: str = "", state: str | None = None, organ: str = "", posting: str = "", fingerprint: str = "",
    signature: Document | None = None, seal: Document | None = None, valid_to: date | None = None,
    asked: AskedSpecimen | None = None,
) -> Specimen:  # fmt: skip
    """Put a signature into the register; with `asked`, it is what a waiting case asked for.

    Needs `specimen.registered`, or the system at first load. Raises IntegrityError when somebody else holds the certificate
    in those days.
    """
    require(actor, verbs.SPECIMEN_REGISTERED.code)
    values = {
        "name": name.strip(), "capacity": capacity.strip(), "entity": entity, "valid_from": valid_from, "source": source,
        "kind": kind, "state": entity.country if state is None else state, "organ": organ, "posting": posting,
        "fingerprint": fingerprint, "signature": signature, "seal": seal, "valid_to": valid_to,
    }  # fmt: skip
    found = _create(key or f"specimen:{uuid.uuid4()}", values)
    if asked is not None:
        AskedSpecimen.objects.filter(pk=asked.pk, specimen=None).update(specimen=found)
    _record(verbs.SPECIMEN_REGISTERED, actor, found, [f"case:{asked.case_id}"] if asked else [])
    return found


@transaction.atomic
def correct_specimen(*, actor: Actor, specimen: Specimen, reason: str, **changed: object) -> Specimen:
    """Withdraw a row that was wrong and put the right one in its place. Needs `specimen.registered`.

    What was certified on the wrong one stands until it is corrected too. Raises AlreadyWithdrawn.
    """
    require(actor, verbs.SPECIMEN_REGISTERED.code)
    held = Specimen.objects.select_for_update().get(pk=specimen.pk)
    if not Specimen.objects.filter(pk=held.pk, withdrawn=False).update(withdrawn=True):
        raise AlreadyWithdrawn(held.key)
    kept = {f.name: getattr(held, f.name) for f in Specimen._meta.concrete_fields if f.name not in OWN_TO_A_ROW}
    found = _create(f"specimen:{uuid.uuid4()}", kept | changed | {"replaces": held})
    _record(verbs.SPECIMEN_CORRECTED, actor, found, [held.key], reason=reason)
    return found


@transaction.atomic
def close_specimen(*, actor: Actor, specimen: Specimen, on: date, reason: str) -> Specimen:
    """Note the last day in office. What was signed until then is certified still. Needs `specimen.registered`."""
    require(actor, verbs.SPECIMEN_REGISTERED.code)
    open_row = Specimen.objects.filter(pk=specimen.pk, withdrawn=False, valid_to=None)
    if not open_row.update(valid_to=on):
        raise AlreadyWithdrawn(specimen.key)
    specimen.refresh_from_db()
    _record(verbs.SPECIMEN_CLOSED, actor, specimen, [], reason=reason)
    return specimen


@transaction.atomic
def ask_specimen(
    *, actor: Actor, case: Case, name: str, capacity: str, entity: str, seen: int | None = None
) -> AskedSpecimen:  # fmt: skip
    """Ask an entity for a signature that is not on file; the case's clock stands until another body answers.

    Needs the power that decides the case. Raises CannotFollow when the clock stands already, ChangedMeanwhile.
    """
    if case.state == SUBMITTED:
        admit_case(actor=actor, case=case, seen=seen)
        seen = None
    pause_case(actor=actor, case=case, why=AWAITING_BODY, reason=f"{name} ({capacity}): {entity}", seen=seen)
    recorded = record(
        verbs.SPECIMEN_ASKED, organ=case.organ, zone=case.zone, actor=actor.key,
        facts=verbs.Asked(procedure=case.procedure), private={"name": name, "capacity": capacity, "entity": entity},
        subjects=[f"case:{case.pk}"],
    )  # fmt: skip
    return AskedSpecimen.objects.create(
        id=uuid7(), entry=Entry.objects.get(pk=recorded.id), case=case, name=name, capacity=capacity, entity=entity
    )


OWN_TO_A_ROW = frozenset({"key", "words", "withdrawn", "replaces"})


def _create(key: str, values: Mapping[str, object]) -> Specimen:
    found = Specimen(key=key, **values)
    found.words = fold(f"{found.name} {found.capacity} {found.entity.name}")
    found.save(force_insert=True)
    return found


def _record(verb: Verb, actor: Actor, found: Specimen, about: list[str], reason: str = "") -> None:
    organ = Organ.objects.get(pk=actor.organ or ministry().headquarters)
    private = {name: str(getattr(found, name)) for name in ("name", "capacity", "fingerprint", "valid_from", "source")}
    images = [version.blob_id for d in (found.signature, found.seal) if d for version in d.versions.all()[:1]]
    record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.SpecimenFacts(specimen=found.key, kind=found.kind, state=found.state), documents=images,
        private=private | {"entity": found.entity.name, "valid_to": str(found.valid_to or ""), "reason": reason},
        subjects=[*about, found.key, found.entity_id],
    )  # fmt: skip

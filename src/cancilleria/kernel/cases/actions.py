"""The only writers of cases. Each acts once, in one transaction, and records an entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.cases import drafts, queries, verbs
from cancilleria.kernel.cases.doors import notices
from cancilleria.kernel.cases.models import Case, CaseDocument, Draft, ProcedureVersion, Submission
from cancilleria.kernel.cases.norms import Norm, as_json
from cancilleria.kernel.cases.procedures import Problem, Procedure, procedures
from cancilleria.kernel.cases.rules import ADMITTED, DECIDED, DELIVERED, NOTIFIED, READY, SUBMITTED, Term, step, term
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import calendar_of, hours_of
from cancilleria.kernel.people.actions import find_or_create_person, note_contact
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.verbs import Facts, Verb

PERSON_FIELDS = ("given_names", "first_surname", "second_surname", "document_kind", "document_number", "issuing_state")


class NotAcceptable(ValueError):
    """The request cannot be accepted as it stands; `problems` say what to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems


class OtherBody(ValueError):
    """This key was already used with another content (answered with 422)."""


@dataclass(frozen=True)
class Submitted:
    """A submitted case; `again` when the same key had submitted it before."""

    case: Case
    again: bool


@transaction.atomic
def submit_case(*, actor: Actor, draft: Draft, key: str, body: str, capital: str) -> Submitted:
    """Make a case of a draft: number, term, entry, notice, all or nothing.

    `key` was made by the client and `body` is the digest of the answers the person reviewed: the same key gives the
    same case. Anybody may ask. Raises NotAcceptable, and OtherBody when the answers are not those reviewed.
    """
    scope = f"draft:{draft.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [scope])
    known = Submission.objects.filter(scope=scope).select_related("case__entry").first()
    if known is not None:
        if known.key == key and known.body_hash != body:
            raise OtherBody(key)
        return Submitted(known.case, True)
    draft.refresh_from_db()
    procedure = procedures.get(draft.procedure)
    problems = _missing(procedure, draft) + procedure.problems(drafts.request_of(draft))
    if problems:
        raise NotAcceptable(problems)
    if drafts.body_digest(draft) != body:
        raise OtherBody(key)
    case = _open_case(actor, draft, procedure, capital)
    Submission.objects.create(scope=scope, key=key, body_hash=body, case=case)
    return Submitted(case, False)


def _open_case(actor: Actor, draft: Draft, procedure: Procedure, capital: str) -> Case:
    norm = queries.norm_of(draft.version)
    organ = Organ.objects.get(pk=norm.organ)
    case_id, now = uuid7(), timezone.now()
    clock = _term(norm, organ, capital)
    person = _applicant(actor, draft, organ)
    held = {d.field: d.document for d in draft.documents.select_related("document")}
    shown = {field: latest(document) for field, document in held.items()}
    recorded = record(
        verbs.CASE_SUBMITTED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.OfVersion(procedure=procedure.key, version=draft.version.number),
        private={"answers": dict(draft.answers)}, subjects=[f"case:{case_id}", *([person.key] if person else [])],
        documents=[version.blob_id for version in shown.values() if version],
    )  # fmt: skip
    case = Case.objects.create(
        id=case_id, procedure=procedure.key, version=draft.version, organ=organ.key, entry_id=recorded.id,
        applicant=person, contact=draft.answers.get("email", ""), language=draft.language, answers=draft.answers,
        state=SUBMITTED, filed_at=now, filed_on=clock.filed_on, due_on=clock.due_on, zone=organ.zone,
        term=asdict(clock) | {"filed_on": clock.filed_on.isoformat(), "due_on": clock.due_on.isoformat()},
    )  # fmt: skip
    CaseDocument.objects.bulk_create(
        CaseDocument(case=case, field=field, document=document) for field, document in held.items()
    )
    drafts.clear(draft)
    _tell(case, "received")
    return case


@transaction.atomic
def admit_case(*, actor: Actor, case: Case) -> Case:
    """Admit a request to processing; the officer takes it. Needs the procedure's power at the case's organ."""
    _authorise(actor, case)
    return _advance(actor, case, ADMITTED, verbs.CASE_ADMITTED, _of_procedure(case), officer=actor.key)


@transaction.atomic
def decide_case(*, actor: Actor, case: Case, outcome: str, reason: str = "") -> Case:
    """Decide, with the reason when it is denied, and notify. A request not yet admitted is admitted by the same officer."""
    _authorise(actor, case)
    if _locked(case).state == SUBMITTED:
        admit_case(actor=actor, case=case)
    facts = verbs.Decided(procedure=case.procedure, outcome=outcome)
    _advance(
        actor, case, DECIDED, verbs.CASE_DECIDED, facts, private={"reason": reason}, outcome=outcome, reason=reason
    )
    return notify_case(actor=actor, case=case)


@transaction.atomic
def notify_case(*, actor: Actor, case: Case) -> Case:
    """Tell the applicant what was decided, through the outbox."""
    channel = _tell(case, f"decided.{case.outcome}")
    return _advance(actor, case, NOTIFIED, verbs.CASE_NOTIFIED, verbs.Told(procedure=case.procedure, channel=channel))


@transaction.atomic
def make_ready(*, actor: Actor, case: Case) -> Case:
    """The deliverable exists: tell the applicant where to get it."""
    _tell(case, "ready")
    return _advance(actor, case, READY, verbs.CASE_READY, _of_procedure(case))


@transaction.atomic
def deliver_case(*, actor: Actor, case: Case) -> Case:
    """The first delivery to whoever showed number and code; later ones change nothing and record nothing."""
    if _locked(case).state == DELIVERED:
        return case
    return _advance(
        actor, case, DELIVERED, verbs.CASE_DELIVERED, verbs.Told(procedure=case.procedure, channel="portal")
    )


@transaction.atomic
def load_procedures(*, actor: Actor, organ: Organ, norms: Mapping[str, Norm]) -> list[str]:
    """Keep a new version of every procedure whose structure or norm changed, each with its entry. Returns their keys."""
    require(actor, verbs.PROCEDURE_CHANGED.code)
    changed = []
    for key, norm in sorted(norms.items()):
        structure, values = procedures.get(key).structure(), as_json(norm)
        digest = hashlib.sha256(json.dumps([structure, values], sort_keys=True).encode()).hexdigest()
        last = ProcedureVersion.objects.filter(procedure=key).order_by("-number").first()
        if last is not None and last.digest == digest:
            continue
        version = ProcedureVersion.objects.create(
            procedure=key, number=last.number + 1 if last else 1, structure=structure, norm=values, digest=digest,
            valid_from=norm.valid_from, reason=norm.reason,
        )  # fmt: skip
        facts = verbs.OfVersion(procedure=key, version=version.number)
        record(verbs.PROCEDURE_CHANGED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts)
        changed.append(key)
    return changed


def _advance(
    actor: Actor, case: Case, to: str, verb: Verb, facts: Facts, *, private: Mapping[str, object] | None = None,
    **columns: str,
) -> Case:  # fmt: skip
    """One step of a case's life under its row's lock. Raises CannotFollow when somebody else acted first."""
    columns["state"] = step(_locked(case).state, to)
    record(
        verb, organ=case.organ, zone=case.zone, actor=actor.key, facts=facts, private=private,
        subjects=[f"case:{case.pk}"],
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**columns)
    for name, value in columns.items():
        setattr(case, name, value)
    return case


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _authorise(actor: Actor, case: Case) -> None:
    require(actor, procedures.get(case.procedure).decide_power, case.organ)


def _of_procedure(case: Case) -> verbs.OfProcedure:
    return verbs.OfProcedure(procedure=case.procedure)


def _tell(case: Case, kind: str) -> str:
    return notices().send(kind, case=str(case.pk), recipient=case.contact, language=case.language)


def _term(norm: Norm, organ: Organ, capital: str) -> Term:
    calendars = {"organ": calendar_of(organ), "capital": calendar_of(Organ.objects.get(pk=capital))}
    return term(timezone.now(), norm.term_days, hours_of(organ), calendars, norm.clock)


def _applicant(actor: Actor, draft: Draft, organ: Organ) -> Person | None:
    found = {name: draft.answers.get(name, "") for name in PERSON_FIELDS}
    if not found["document_number"]:
        return None
    where = {"organ": organ.key, "zone": organ.zone}
    person = find_or_create_person(actor=actor, **where, **found)
    if email := draft.answers.get("email", ""):
        note_contact(actor=actor, **where, person=person, kind="email", value=email)
    return person


def _missing(procedure: Procedure, draft: Draft) -> list[Problem]:
    held = set(draft.documents.values_list("field", flat=True))
    given = {name for name, value in draft.answers.items() if value}
    return [
        Problem(f.name, "missing", "")
        for f in procedure.fields()
        if f.required and f.name not in (held if f.kind == "document" else given)
    ]

"""A request becomes a case: number, term, entry, notice, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.cases import drafts, queries, steps, verbs
from cancilleria.kernel.cases.actions.payment import await_fee
from cancilleria.kernel.cases.doors import fees
from cancilleria.kernel.cases.models import Case, CaseDocument, Draft, Submission
from cancilleria.kernel.cases.norms import Norm
from cancilleria.kernel.cases.procedures import BATCH, COUNTER, PORTAL, Problem, Procedure, procedures
from cancilleria.kernel.cases.rules import SUBMITTED
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record


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
    """Make a case of a draft.

    `key` was made by the client and `body` is the digest of the answers the person reviewed: the same key gives the
    same case. Anybody may ask; what an officer enters came to the counter, of their own organ when it is competent.
    Raises NotAcceptable, OtherBody when the answers are not those reviewed, NotAuthorised when the procedure is not
    asked for in that way.
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
    if _channel(actor) not in procedure.channels:
        raise NotAuthorised(f"{procedure.key} is not asked for at the {_channel(actor)}")
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
    organ = Organ.objects.get(pk=_organ(actor, norm))
    case_id, now = uuid7(), timezone.now()
    clock = steps.first_term(organ, capital, norm.term_days, norm)
    person = steps.applicant_of(actor, draft.answers, organ)
    held = {d.field: d.document for d in draft.documents.select_related("document")}
    shown = {field: latest(document) for field, document in held.items()}
    channel = _channel(actor)
    recorded = record(
        verbs.CASE_SUBMITTED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.OfVersion(procedure=procedure.key, version=draft.version.number, channel=channel),
        private={"answers": dict(draft.answers)}, subjects=[f"case:{case_id}", *([person.key] if person else [])],
        documents=[version.blob_id for version in shown.values() if version],
    )  # fmt: skip
    case = Case.objects.create(
        id=case_id, procedure=procedure.key, version=draft.version, organ=organ.key, entry_id=recorded.id,
        applicant=person, contact=draft.answers.get("email", ""), language=draft.language, answers=draft.answers,
        state=SUBMITTED, filed_at=now, filed_on=clock.filed_on, due_on=clock.due_on, zone=organ.zone,
        term=clock.as_json() | {"capital": capital}, channel=channel,
    )  # fmt: skip
    CaseDocument.objects.bulk_create(
        CaseDocument(case=case, field=field, document=document) for field, document in held.items()
    )
    drafts.clear(draft)
    steps.tell(case, "received")
    if fees().order(actor=actor, case=case):
        await_fee(actor=actor, case=case)
    return case


def _organ(actor: Actor, norm: Norm) -> str:
    """Who decides: the window where it is asked for, when the norm says so, else the norm's organ."""
    if actor.organ is None:
        return norm.organ
    found = queries.organ_for(norm, actor.organ)
    if not found:
        raise NotAuthorised(f"{norm.key} is not handled at {actor.organ}")
    return found


def _channel(actor: Actor) -> str:
    if actor.is_officer:
        return COUNTER
    return BATCH if actor.key.startswith("entity:") else PORTAL


def _missing(procedure: Procedure, draft: Draft) -> list[Problem]:
    held = set(draft.documents.values_list("field", flat=True))
    given = {name for name, value in draft.answers.items() if value}
    return [
        Problem(f.name, "missing", "")
        for f in procedure.fields()
        if f.required and f.name not in (held if f.attached else given)
    ]

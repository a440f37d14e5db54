"""Certificates: issued, refused, corrected, annulled; the signed file kept."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.models import Apostille, Authority
from cancilleria.domains.apostille.procedures import APOSTILLE
from cancilleria.kernel.cases.actions import NotAcceptable, decide_case, make_ready
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import Request
from cancilleria.kernel.cases.rules import DENIED, GRANTED, NOTIFIED
from cancilleria.kernel.documents.intake import add_version
from cancilleria.kernel.documents.models import SIGNED, STAMPED, Document
from cancilleria.kernel.documents.queries import inspection_of, latest
from cancilleria.kernel.documents.rules import PUBLIC
from cancilleria.kernel.organs import pairs
from cancilleria.kernel.organs.actions import propose_act
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.models import Organ, Proposal
from cancilleria.kernel.organs.queries import signature_line_of
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.doors import tasks
from cancilleria.kernel.register.models import ANNULS, FOLLOWS, RECTIFIES
from cancilleria.kernel.register.verbs import Verb
from cancilleria.services.signing.verbs import DOCUMENT_SIGNED, DOCUMENT_STAMPED, Signed

SIGN_TASK, STAMP_TASK = "apostille.sign", "apostille.stamp"


class ReasonMissing(ValueError):
    """Refusing and annulling demand a reason that the interested person can read."""


@transaction.atomic
def issue_apostille(*, actor: Actor, case: Case) -> Apostille:
    """Issue: the next number of the organ's book, the ten fields, the decision, and the signing queued.

    Needs `apostille.issued` at the case's organ. Raises NotAcceptable when the law's conditions no longer hold today,
    CannotFollow when the case was decided already. Convention, articles 3 to 5.
    """
    require(actor, verbs.APOSTILLE_ISSUED.code, case.organ)
    _check_again(case)
    decide_case(actor=actor, case=case, outcome=GRANTED)
    original = case.documents.get(field="document").document
    authority = queries.authority_for(inspection_of(original).signature)
    if authority is None:
        raise NotAcceptable([])
    recorded = _record(verbs.APOSTILLE_ISSUED, actor, case, authority, original)
    return _keep(recorded, case, authority, original)


@transaction.atomic
def refuse_apostille(*, actor: Actor, case: Case, reason: str) -> Case:
    """Refuse with a reason. Needs `apostille.issued` at the case's organ."""
    return decide_case(actor=actor, case=case, outcome=DENIED, reason=_reason(reason))


@transaction.atomic
def correct_apostille(*, actor: Actor, apostille: Apostille, reason: str) -> Apostille:
    """Issue a new certificate, with a new number, from what the register of authorities says now; the old one is corrected.

    The database refuses a second correction of the same certificate. Needs `apostille.corrected`.
    """
    require(actor, verbs.APOSTILLE_CORRECTED.code, apostille.case.organ)
    _reason(reason)
    recorded = _record(
        verbs.APOSTILLE_CORRECTED, actor, apostille.case, apostille.authority, apostille.original,
        relation=(RECTIFIES, apostille.entry_id), reason=reason,
    )  # fmt: skip
    return _keep(recorded, apostille.case, apostille.authority, apostille.original, replaces=apostille)


@transaction.atomic
def annul_apostille(
    *, actor: Actor, apostille: Apostille, reason: str, seconded: pairs.Seconded | None = None
) -> Recorded:
    """Annul with a reason that verification shows. The number is never reused. Needs `apostille.annulled`.

    Raises NeedsSecond where the profile wants two persons and no second one confirmed.
    """
    organ = Organ.objects.get(pk=apostille.case.organ)
    require(actor, verbs.APOSTILLE_ANNULLED.code, organ.key)
    pairs.demand(verbs.APOSTILLE_ANNULLED.code, seconded)
    return record(
        verbs.APOSTILLE_ANNULLED, organ=organ.key, zone=organ.zone, actor=actor.key,
        public=verbs.Reason(reason=_reason(reason)), relation=(ANNULS, apostille.entry_id), subjects=_subjects(apostille),
    )  # fmt: skip


@transaction.atomic
def propose_annulment(*, actor: Actor, apostille: Apostille, reason: str) -> Proposal:
    """Ask a second person to confirm an annulment. Needs `apostille.annulled`. Raises ReasonMissing, AlreadyAsked."""
    organ = Organ.objects.get(pk=apostille.case.organ)
    return propose_act(
        actor=actor, verb=verbs.APOSTILLE_ANNULLED.code, organ=organ, subject=f"apostille:{apostille.pk}",
        arguments={"reason": _reason(reason)}, about=[f"case:{apostille.case_id}"],
    )  # fmt: skip


@transaction.atomic
def keep_signed(*, actor: Actor, apostille: Apostille, data: bytes) -> Document:
    """Keep the signed file and record its digest; the applicant is told it is ready (DECISIONS 3)."""
    held = Apostille.objects.select_for_update().get(pk=apostille.pk)
    if held.document is not None:
        return held.document
    title = f"Apostilla {queries.number_of(apostille.entry)}"
    document = Document.objects.create(key=uuid.uuid4(), title=title, classification=PUBLIC)
    _keep_version(actor, apostille, document, data, SIGNED)
    Apostille.objects.filter(pk=apostille.pk).update(document=document)
    if Case.objects.get(pk=apostille.case_id).state == NOTIFIED:
        make_ready(actor=actor, case=apostille.case)
    tasks().defer(STAMP_TASK, apostille=str(apostille.pk))
    return document


@transaction.atomic
def keep_stamped(*, actor: Actor, apostille: Apostille, data: bytes) -> None:
    """Keep the file with its document time stamp as a further version."""
    held = Apostille.objects.select_for_update(of=("self",)).get(pk=apostille.pk)
    if held.document is None or held.document.versions.filter(kind=STAMPED).exists():
        return
    _keep_version(actor, apostille, held.document, data, STAMPED)


def _check_again(case: Case) -> None:
    held = {d.field: d.document for d in case.documents.select_related("document")}
    problems = APOSTILLE.problems(Request(case.answers, held, timezone.now().date()))
    if problems:
        raise NotAcceptable(problems)


def _record(
    verb: Verb, actor: Actor, case: Case, authority: Authority, original: Document, *,
    relation: tuple[str, uuid.UUID] | None = None, reason: str = "",
) -> Recorded:  # fmt: skip
    organ = Organ.objects.get(pk=case.organ)
    now = timezone.now()
    version = latest(original)
    certificate = verbs.Certificate(
        country=in_language(ministry().country_name, "es"), signed_by=authority.name, capacity=authority.capacity,
        seal_of=authority.entity.name, at=organ.city, on=now.astimezone(ZoneInfo(organ.zone)).date().isoformat(),
        by=in_language(ministry().authority, "es"), series=organ.code, seal="digital", signature=signature_line_of(actor.key) or actor.name,
    )  # fmt: skip
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, public=certificate, performed_at=now,
        facts=verbs.Issued(destination=case.answers["destination"], kind=case.answers["kind"]),
        private={"reason": reason} if reason else None, subjects=[f"case:{case.pk}"], relation=relation,
        documents=[version.blob_id] if version else [],
    )  # fmt: skip


def _keep(
    recorded: Recorded, case: Case, authority: Authority, original: Document, replaces: Apostille | None = None
) -> Apostille:
    found = Apostille.objects.create(
        id=uuid7(), entry_id=recorded.id, case=case, authority=authority, original=original, replaces=replaces
    )
    tasks().defer(SIGN_TASK, apostille=str(found.pk))
    return found


def _keep_version(actor: Actor, apostille: Apostille, document: Document, data: bytes, kind: str) -> None:
    version = add_version(document, data, kind=kind)
    verb = {SIGNED: DOCUMENT_SIGNED, STAMPED: DOCUMENT_STAMPED}[kind]
    record(
        verb, organ=apostille.case.organ, zone=apostille.case.zone, actor=actor.key, facts=Signed(size=len(data)),
        documents=[version.blob_id], relation=(FOLLOWS, apostille.entry_id), subjects=_subjects(apostille),
    )  # fmt: skip


def _subjects(apostille: Apostille) -> list[str]:
    return [f"case:{apostille.case_id}", f"apostille:{apostille.pk}"]


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()

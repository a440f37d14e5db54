"""Drafts: written by whoever is asking, before anything is official. Only `submit_case` makes a case of one."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone, translation

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.models import Case, Draft, DraftDocument, Submission
from cancilleria.kernel.cases.procedures import Procedure, Request
from cancilleria.kernel.documents import intake
from cancilleria.kernel.register.codes import code_for, normalise
from cancilleria.kernel.register.doors import secrets


def start(procedure: Procedure, *, draft_id: uuid.UUID | None = None) -> Draft:
    """An empty draft under the newest version of the procedure; the same `draft_id` gives the same draft."""
    chosen = draft_id or uuid.uuid4()
    values = {
        "procedure": procedure.key, "version": queries.current_version(procedure.key),
        "code_digest": _digest(code_of(chosen)), "language": (translation.get_language() or "es")[:2],
    }  # fmt: skip
    return Draft.objects.get_or_create(id=chosen, defaults=values)[0]


def code_of(draft: uuid.UUID) -> str:
    """The code with which a person goes on with the draft on another device."""
    return code_for(secrets().code_secret(), purpose="draft", version=1, subject=str(draft))


def find(code: str) -> Draft | None:
    """The draft of a typed code."""
    normal = normalise(code)
    return Draft.objects.filter(code_digest=_digest(normal)).first() if normal else None


def resume(draft: Draft) -> bool:
    """Move the draft to the newest version of its procedure; True when the version changed (DECISIONS 18)."""
    newest = queries.current_version(draft.procedure)
    if newest.pk == draft.version_id:
        return False
    Draft.objects.filter(pk=draft.pk).update(version=newest)
    draft.version = newest
    return True


def answer(draft: Draft, answers: Mapping[str, str]) -> None:
    """Keep the answers of a page beside those of the other pages."""
    draft.answers = {**draft.answers, **answers}
    draft.save(update_fields=["answers", "updated_at"])


@transaction.atomic
def attach(draft: Draft, field: str, data: bytes, *, title: str) -> None:
    """Attach a received file in place of what the field had. Raises Refused, and then the earlier one stays."""
    document = intake.take_in(data, title=title)
    detach(draft, field)
    DraftDocument.objects.create(draft=draft, field=field, document=document)


def detach(draft: Draft, field: str) -> None:
    """Drop the document of a field, if any."""
    for held in draft.documents.filter(field=field).select_related("document"):
        intake.discard(held.document)


def request_of(draft: Draft) -> Request:
    """What the procedure's checks look at."""
    held = {d.field: d.document for d in draft.documents.select_related("document")}
    return Request(draft.answers, held, timezone.now().date())


def body_digest(draft: Draft) -> str:
    """Digest of everything the draft says: what a person reviews is what is submitted."""
    held = sorted(draft.documents.values_list("field", "document__versions__blob"))
    body = json.dumps([draft.answers, [list(row) for row in held]], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def submitted_case(draft: Draft) -> Case | None:
    """The case this draft became."""
    found = Submission.objects.filter(scope=f"draft:{draft.pk}").select_related("case__entry").first()
    return found.case if found else None


def clear(draft: Draft) -> None:
    """Forget the answers: they are the case's now. The draft stays, to answer the same submission again."""
    draft.documents.all().delete()
    draft.answers = {}
    draft.save(update_fields=["answers", "updated_at"])


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()

"""The desk of the apostille: document, certificate of its signer and register side by side; issue, refuse, annul, correct."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.rules import SIGNATURE_PROBLEMS, signature_problem
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.actions import NotAcceptable, admit_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import (
    LATE,
    OPEN_STATES,
    OUTCOME_NAMES,
    STATE_NAMES,
    SUBMITTED,
    TODAY,
    CannotFollow,
    Term,
    urgency,
)
from cancilleria.kernel.documents.queries import content, inspection_of, latest
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.people.queries import state_name
from cancilleria.kernel.register.queries import history, status_of
from cancilleria.services.accounts.audience import audience, officers


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The case, with only the lawful next actions. A foreign one is not found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _case(case, actor)
    problem = ""
    if request.method == "POST":
        problem = _act(request, actor, found)
        if not problem:
            return redirect("apostille_case", case=found.pk)
        found = _case(case, actor)
    return render(request, "apostille/desk/case.html", _context(found, actor, problem), status=422 if problem else 200)


@require_safe
@audience(officers("desk.cases"))
def document(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The document as it was received: an attachment, never shown inside our own page."""
    version = latest(_case(case, request.actor).documents.get(field="document").document)  # type: ignore[attr-defined]
    if version is None:
        raise Http404
    headers = {
        "Content-Disposition": 'attachment; filename="documento-presentado.pdf"', "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content(version), content_type="application/pdf", headers=headers)


def _act(request: HttpRequest, actor: Actor, found: Case) -> str:
    """Run the chosen action; returns what kept it from being done, in words."""
    reason = request.POST.get("reason", "")
    chosen = queries.apostille_for(_uuid(request.POST.get("apostille", "")), viewer=actor)
    table: Mapping[str, Callable[[], object]] = {
        "take": lambda: admit_case(actor=actor, case=found),
        "issue": lambda: actions.issue_apostille(actor=actor, case=found),
        "refuse": lambda: actions.refuse_apostille(actor=actor, case=found, reason=reason),
    }
    if chosen is not None:
        table = {
            "annul": lambda: actions.annul_apostille(actor=actor, apostille=chosen, reason=reason),
            "correct": lambda: actions.correct_apostille(actor=actor, apostille=chosen, reason=reason),
        }
    try:
        action = table[request.POST.get("do", "")]
        action()
    except actions.ReasonMissing:
        return _("Escriba el motivo: la persona interesada lo leerá.")
    except CannotFollow:
        return _("Otra persona atendió este expediente antes. La página muestra cómo quedó.")
    except NotAuthorised:
        return _("Su puesto no le permite hacer esto en este expediente.")
    except NotAcceptable as error:
        return " ".join(str(problem.message) for problem in error.problems)
    except KeyError:
        return _("Elija una de las acciones de la página.")
    messages.success(request, _("Quedó asentado en el registro."))
    return ""


def _context(found: Case, actor: Actor, problem: str) -> dict[str, object]:
    held = found.documents.select_related("document").get(field="document").document
    inspected = inspection_of(held)
    signer = getattr(inspected.signature, "signer", None)
    authority = queries.authority_for(inspected.signature)
    fault = signature_problem(inspected.signature, queries.specimen_for(inspected.signature))
    labels = {f.name: dict(f.choices()) for f in procedures.get(found.procedure).fields() if f.choices}
    kept = found.term
    standing = urgency(found.state, found.due_on, timezone.localdate(timezone=ZoneInfo(found.zone)))
    issued = [_issued(a) for a in queries.apostilles_of(found)]
    names = dict(Posting.objects.select_related("officer").values_list("pk", "officer__signature_line"))
    return {
        "case": found, "number": cases.number_of(found), "state": OUTCOME_NAMES.get(found.outcome) or STATE_NAMES[found.state],
        "open": found.state in OPEN_STATES, "standing": {TODAY: "warn", LATE: "bad"}.get(standing, ""), "untaken": found.state == SUBMITTED, "problem": problem,
        "certificate_from": _day(getattr(signer, "valid_from", "")),
        "certificate_to": _day(getattr(signer, "valid_to", "")),
        "document": held, "inspected": inspected, "signer": signer,
        "signed_on": _day(getattr(inspected.signature, "signed_on", "")), "authority": authority,
        "fault": SIGNATURE_PROBLEMS[fault] if fault else "", "issued": issued,
        "destination": state_name(found.answers.get("destination", "")),
        "kind": labels["kind"].get(found.answers.get("kind", ""), ""),
        "identity": labels["document_kind"].get(found.answers.get("document_kind", ""), ""),
        "explanation": Term(found.filed_on, found.due_on, kept["days"], kept["zone"], kept["after_hours"]).explanation(),
        "history": [(line, names.get(line.entry.actor, "")) for line in reversed(history(f"case:{found.pk}"))],
        "may_issue": actor.may("apostille.issued", found.organ), "may_annul": actor.may("apostille.annulled", found.organ),
        "may_correct": actor.may("apostille.corrected", found.organ), "title": cases.norm_of(found.version).text("title"),
    }  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _issued(apostille: queries.Apostille) -> dict[str, object]:
    status = status_of(apostille.entry)
    return {
        "apostille": apostille, "number": queries.number_of(apostille.entry), "status": status,
        "signed": queries.downloadable(apostille) is not None,
    }  # fmt: skip


def _case(case: uuid.UUID, actor: Actor) -> Case:
    found = cases.case_for(case, viewer=actor)
    if found is None or found.procedure != "apostille":
        raise Http404
    return Case.objects.select_related("entry", "applicant", "version").get(pk=found.pk)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return queries.NOBODY

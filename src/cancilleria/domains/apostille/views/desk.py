"""The desk of the apostille: document, certificate of its signer and register side by side; issue, refuse, annul, correct."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.rules import SIGNATURE_PROBLEMS, signature_problem
from cancilleria.domains.apostille.views.annulments import WAITS, annul, told
from cancilleria.kernel.cases import desk
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import DENIED, GRANTED, RUNNING, CannotFollow
from cancilleria.kernel.documents.queries import content, inspection_of, latest
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.pairs import AlreadyAsked, needs_second, open_for
from cancilleria.kernel.people.queries import state_name
from cancilleria.kernel.register.queries import status_of
from cancilleria.services.accounts.audience import audience, officers

ANNULLED = "apostille.annulled"
# What each of these buttons makes of the case.
DECIDES = {"issue": GRANTED, "refuse": DENIED}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The case, with only the lawful next actions. A foreign one is not found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _case(case, actor)
    result = desk.Result(True)
    if request.method == "POST":
        result = _act(request, actor, found)
        if result.done:
            messages.success(request, told(request, ANNULLED))
            return redirect("apostille_case", case=found.pk)
        found = _case(case, actor)
    note_read(actor=actor, what="case", subject=f"case:{found.pk}")
    context = desk.context(found, actor, result, failed=request.POST.get("act", "")) | _context(found, actor)
    return render(request, "apostille/desk/case.html", context, status=200 if result.done else 422)


@require_safe
@audience(officers("desk.cases"))
def document(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The document as it was received: an attachment, never shown inside our own page."""
    found = _case(case, request.actor)  # type: ignore[attr-defined]
    version = latest(found.documents.get(field="document").document)
    if version is None:
        raise Http404
    note_read(actor=request.actor, what="document", subject=f"case:{found.pk}")  # type: ignore[attr-defined]
    headers = {
        "Content-Disposition": 'attachment; filename="documento-presentado.pdf"', "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content(version), content_type="application/pdf", headers=headers)


def _act(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    """Run the chosen act: the apostille's own, or one that every case has."""
    if "act" in request.POST:
        seen = request.POST.get("seen", "")
        return desk.perform(request.POST["act"], actor, found, request.POST, int(seen) if seen.isdigit() else -1)
    problem = _own_act(request, actor, found)
    return desk.Result(not problem, problem)


def _own_act(request: HttpRequest, actor: Actor, found: Case) -> str:
    """Run an act of the apostille; returns what kept it from being done, in words."""
    if cases.decided_by(found, actor.key, DECIDES.get(request.POST.get("do", ""))):
        return ""
    reason = request.POST.get("reason", "")
    chosen = queries.apostille_for(_uuid(request.POST.get("apostille", "")), viewer=actor)
    table: Mapping[str, Callable[[], object]] = {
        "issue": lambda: actions.issue_apostille(actor=actor, case=found),
        "refuse": lambda: actions.refuse_apostille(actor=actor, case=found, reason=reason),
    }
    if chosen is not None:
        table = {
            "annul": lambda: annul(actor, chosen, reason),
            "correct": lambda: actions.correct_apostille(actor=actor, apostille=chosen, reason=reason),
        }
    try:
        action = table[request.POST.get("do", "")]
        action()
    except actions.ReasonMissing:
        return _("Escriba el motivo: la persona interesada lo leerá.")
    except CannotFollow:
        return _("Otra persona atendió este expediente antes. La página muestra cómo quedó.")
    except AlreadyAsked:
        return str(WAITS)
    except NotAuthorised:
        return _("Su puesto no le permite hacer esto en este expediente.")
    except NotAcceptable as error:
        return " ".join(str(problem.message) for problem in error.problems)
    except KeyError:
        return _("Elija una de las acciones de la página.")
    return ""


def _context(found: Case, actor: Actor) -> dict[str, object]:
    held = found.documents.select_related("document").get(field="document").document
    inspected = inspection_of(held)
    signer = getattr(inspected.signature, "signer", None)
    authority = queries.authority_for(inspected.signature)
    fault = signature_problem(inspected.signature, queries.tenure_for(inspected.signature))
    labels = {f.name: dict(f.choices()) for f in procedures.get(found.procedure).fields() if f.choices}
    issued = [_issued(a) for a in queries.apostilles_of(found)]
    return {
        "running": found.state in RUNNING, "certificate_from": _day(getattr(signer, "valid_from", "")),
        "certificate_to": _day(getattr(signer, "valid_to", "")),
        "document": held, "inspected": inspected, "signer": signer,
        "signed_on": _day(getattr(inspected.signature, "signed_on", "")), "authority": authority,
        "fault": SIGNATURE_PROBLEMS[fault] if fault else "", "issued": issued,
        "destination": state_name(found.answers.get("destination", "")),
        "kind": labels["kind"].get(found.answers.get("kind", ""), ""),
        "identity": labels["document_kind"].get(found.answers.get("document_kind", ""), ""),
        "may_issue": actor.may("apostille.issued", found.organ), "may_annul": actor.may(ANNULLED, found.organ),
        "two_persons": needs_second(ANNULLED), "may_correct": actor.may("apostille.corrected", found.organ),
    }  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _issued(apostille: queries.Apostille) -> dict[str, object]:
    status = status_of(apostille.entry)
    return {
        "apostille": apostille, "number": queries.number_of(apostille.entry), "status": status,
        "signed": queries.downloadable(apostille) is not None,
        "waits": open_for(ANNULLED, f"apostille:{apostille.pk}") is not None,
    }  # fmt: skip


def _case(case: uuid.UUID, actor: Actor) -> Case:
    found = cases.case_for(case, viewer=actor)
    if found is None or found.procedure != "apostille" or found.appeals_id:
        raise Http404
    return Case.objects.select_related("entry", "applicant", "version").get(pk=found.pk)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return queries.NOBODY

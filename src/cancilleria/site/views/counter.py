"""The counter: an officer enters a request for the person in front of the window, all on one page, by keyboard."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.cases import drafts, queries
from cancilleria.kernel.cases.actions import NotAcceptable, submit_case
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.procedures import COUNTER, SCAN, Page, Procedure, UnknownProcedure, procedures
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.doors import ministry
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site import scanner


@require_safe
@audience(officers("desk.counter"))
def index(request: HttpRequest) -> HttpResponse:
    """What may be asked for at the window."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(
        request,
        "site/desk/counter_index.html",
        {
            "norms": [
                {"key": n.key, "code": n.code, "title": n.text("title")}
                for n in queries.offered(COUNTER, window=actor.organ or "")
            ]
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.counter"))
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """The whole request on one page. A repeated press makes one case; a mistake keeps what was typed and attached."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    procedure = _procedure(key, actor)
    token = _token(request.POST.get("token", ""))
    # The officer's own key is part of the draft's id: nobody goes on with another's by guessing.
    draft = drafts.start(procedure, draft_id=uuid.uuid5(token, actor.key)) if request.method == "POST" else None
    whole = Page("ventanilla", queries.norm_of(queries.current_version(key)).text("title"), tuple(procedure.fields()))
    form = form_for(whole, data=request.POST or None, files=_files(request, procedure, actor))
    _relax(form, _attached(draft))
    if draft is not None and _taken(procedure, draft, form):
        case = drafts.submitted_case(draft) or _submit(procedure, draft, form, actor, token)
        if case is not None:
            scanner.clear(actor, _picked(request, procedure))
            messages.success(request, _("Quedó presentada. Entregue la constancia a la persona."))
            return redirect("desk_case", case=case.pk)
    context = {
        "procedure": procedure, "form": form, "token": token, "title": whole.title, "attached": sorted(_attached(draft).values()),
        "groups": [(page.title, [(form[f.name], f.kind == SCAN) for f in page.fields]) for page in procedure.pages],
        "scanned": scanner.waiting(actor), "picked": _picked(request, procedure),
    }  # fmt: skip
    return render(request, "site/desk/counter.html", context, status=422 if form.errors else 200)


def _files(request: HttpRequest, procedure: Procedure, actor: Actor) -> MultiValueDict[str, File] | None:
    """What was uploaded, and what was picked from the scanner's folder."""
    if request.method != "POST":
        return None
    found = request.FILES.copy()
    for f in procedure.fields():
        if f.kind == SCAN and (names := request.POST.getlist(f"{f.name}_scanner")):
            found.setlist(f.name, [*found.getlist(f.name), *scanner.chosen(actor, names)])
    return found


def _picked(request: HttpRequest, procedure: Procedure) -> list[str]:
    return [name for f in procedure.fields() if f.kind == SCAN for name in request.POST.getlist(f"{f.name}_scanner")]


def _taken(procedure: Procedure, draft: Draft, form: forms.Form) -> bool:
    """Keep what was typed and attached, also when something else has to be mended; whether nothing has."""
    whole = form.is_valid()
    if drafts.submitted_case(draft):
        return whole
    given = form.cleaned_data
    drafts.answer(draft, {f.name: str(given.get(f.name) or "").strip() for f in procedure.fields() if not f.attached})
    for name in procedure.document_fields():
        if given.get(name):
            try:
                drafts.attach(draft, name, given[name].read(), title=given[name].name[:120])
            except Refused as refused:
                form.add_error(name, refused.message)
                whole = False
    return whole


def _submit(procedure: Procedure, draft: Draft, form: forms.Form, actor: Actor, token: uuid.UUID) -> Case | None:
    """Submit what was kept; problems stand beside their fields."""
    try:
        body = drafts.body_digest(draft)
        return submit_case(actor=actor, draft=draft, key=token.hex, body=body, capital=ministry().headquarters).case
    except NotAcceptable as error:
        for problem in error.problems:
            form.add_error(problem.field, str(problem.message) or _("Escriba este dato para continuar."))
            if problem.field in procedure.document_fields():
                drafts.detach(draft, problem.field)
    return None


def _attached(draft: Draft | None) -> dict[str, str]:
    if draft is None:
        return {}
    return {d.field: d.document.title for d in draft.documents.select_related("document")}


def _relax(form: forms.Form, attached: dict[str, str]) -> None:
    for name in attached:
        form.fields[name].required = False


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _procedure(key: str, actor: Actor) -> Procedure:
    try:
        norm = queries.norm_of(queries.current_version(key))
        found = procedures.get(key)
    except (UnknownProcedure, queries.NoSuchProcedure):
        raise Http404 from None
    if COUNTER not in found.channels or not queries.organ_for(norm, actor.organ or ""):
        raise Http404
    return found

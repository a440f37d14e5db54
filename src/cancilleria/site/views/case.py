"""A case at the desk, whatever its procedure. A procedure with a page of its own is shown there; its appeals, here."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille.actions import ON_PAPER
from cancilleria.kernel.cases import desk, queries
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import COUNTER, UnknownProcedure, procedures
from cancilleria.kernel.cases.rules import NEXT, STATE_NAMES
from cancilleria.kernel.documents import pages
from cancilleria.kernel.documents.queries import content, inspection_of, latest
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.views.tracking import receipt_of

# Procedures whose domain has a page for the desk.
PAGES = {"apostille": "apostille_case"} | dict.fromkeys(ON_PAPER, "certificate_case")
SHOWN_PAGES = 20
CLOCK_NAMES = {
    "organ": _("del calendario de la oficina"), "capital": _("del calendario de la capital"),
    "both": _("hábiles para la oficina y para la capital"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The case with only the lawful next acts. A foreign one is not found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _case(case, actor)
    if found.procedure in PAGES and found.appeals_id is None:
        return redirect(PAGES[found.procedure], case=found.pk)
    result = desk.Result(True)
    if request.method == "POST":
        result = desk.perform(request.POST.get("act", ""), actor, found, request.POST, _seen(request))
        if result.done:
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("desk_case", case=found.pk)
        found = _case(case, actor)
    note_read(actor=actor, what="case", subject=f"case:{found.pk}")
    context = desk.context(found, actor, result, failed=request.POST.get("act", "")) | {
        "rows": _rows(found), "documents": [
            (held, range(1, min(inspection_of(held.document).pages, SHOWN_PAGES) + 1))
            for held in found.documents.select_related("document")
        ],
        "appealed": queries.number_of(found.appeals) if found.appeals else "",
    }  # fmt: skip
    return render(request, "site/desk/case.html", context, status=200 if result.done else 422)


@require_safe
@audience(officers("desk.cases"))
def document(request: HttpRequest, case: uuid.UUID, document: int) -> HttpResponse:
    """A document of a case, as an attachment."""
    held = get_object_or_404(_case(case, request.actor).documents.select_related("document"), pk=document)  # type: ignore[attr-defined]
    version = latest(held.document)
    if version is None:
        raise Http404
    note_read(actor=request.actor, what="document", subject=f"case:{held.case_id}")  # type: ignore[attr-defined]
    name = "".join(c if c.isalnum() or c in ".-" else "-" for c in held.document.title)
    headers = {
        "Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode() or "documento.pdf"}"',
        "Content-Security-Policy": "sandbox", "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content(version), content_type="application/pdf", headers=headers)


@require_safe
@audience(officers("desk.cases"))
def picture(request: HttpRequest, case: uuid.UUID, document: int, page: int) -> HttpResponse:
    """One page of a document of a case as a picture, drawn anew: nothing of the file itself reaches the browser."""
    held = get_object_or_404(_case(case, request.actor).documents.select_related("document"), pk=document)  # type: ignore[attr-defined]
    version = latest(held.document)
    if version is None:
        raise Http404
    try:
        return HttpResponse(
            pages.picture(version, page), content_type="image/jpeg", headers={"Cache-Control": "no-store"}
        )
    except Refused:
        raise Http404 from None


@require_safe
@audience(officers("desk"))
def manual(request: HttpRequest, key: str) -> HttpResponse:
    """How a procedure is handled, told by its own declaration and norm."""
    try:
        version, procedure = queries.current_version(key), procedures.get(key)
    except (UnknownProcedure, queries.NoSuchProcedure):
        raise Http404 from None
    norm = queries.norm_of(version)
    life = [(STATE_NAMES[s], ", ".join(str(STATE_NAMES[t]) for t in STATE_NAMES if t in NEXT[s])) for s in STATE_NAMES]
    context = {
        "procedure": procedure, "version": version, "norm": norm, "title": norm.text("title"), "organ": name_of(norm.organ),
        "clock": CLOCK_NAMES[norm.clock], "silence": norm.text("silence_text"), "life": life, "acts": desk.ACTS,
    }  # fmt: skip
    return render(request, "site/desk/manual.html", context)


@require_safe
@audience(officers("desk.counter"))
def receipt(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The receipt with its secret code, for the person at the window. Only of requests entered there: the code of a request
    made on the portal is its maker's alone.
    """
    found = _case(case, request.actor)  # type: ignore[attr-defined]
    if found.channel != COUNTER:
        raise Http404
    return receipt_of(found)


def _case(case: uuid.UUID, actor: Actor) -> Case:
    found = queries.case_for(case, viewer=actor)
    if found is None:
        raise Http404
    return Case.objects.select_related("entry", "applicant", "version", "appeals__entry").get(pk=found.pk)


def _rows(case: Case) -> list[tuple[object, object]]:
    """Label and answer of every question of the procedure that was answered."""
    if case.appeals_id:
        return []
    fields = [f for f in procedures.get(case.procedure).fields() if not f.attached and case.answers.get(f.name)]
    labels = {f.name: dict(f.choices()) if f.choices else {} for f in fields}
    return [(f.label, labels[f.name].get(case.answers[f.name], case.answers[f.name])) for f in fields]


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdigit() else -1

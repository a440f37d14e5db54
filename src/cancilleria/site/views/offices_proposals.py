"""Acts that wait for a second person: what would be done, who asks, since when; confirm or decline."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.organs import pairs
from cancilleria.kernel.organs.actions import decline_act, second_act
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Handover, Proposal
from cancilleria.kernel.organs.models.keeping import DRAWN
from cancilleria.kernel.organs.queries import name_of, signature_lines
from cancilleria.services.accounts.audience import audience, officers


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def proposals(request: HttpRequest) -> HttpResponse:
    """What this officer may confirm, and what they asked for. Who asked never confirms."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    problem = ""
    if request.method == "POST":
        problem = _answer(request, actor)
        if not problem:
            return redirect("proposals")
    waiting, asked = list(pairs.waiting_for(actor)), list(pairs.asked_by(actor))
    names = signature_lines(proposal.proposed_by for proposal in waiting)
    context = {
        "problem": problem,
        "waiting": [_row(proposal, names.get(proposal.proposed_by, "")) for proposal in waiting],
        "asked": [_row(proposal, "") for proposal in asked],
        "declined": [(_row(proposal, ""), reason) for proposal, reason in pairs.declined_to(actor)],
        "handovers": Handover.objects.filter(incoming=actor.officer, state=DRAWN).select_related("drawn", "outgoing"),
    }  # fmt: skip
    return render(request, "site/desk/proposals.html", context, status=422 if problem else 200)


def _answer(request: HttpRequest, actor: Actor) -> str:
    """Confirm or decline; returns what kept it from being done, in words. A foreign proposal is not found."""
    proposal = get_object_or_404(Proposal, pk=_uuid(request.POST.get("proposal", "")))
    own = proposal.proposer_id == actor.officer
    if not own and not pairs.may_second(actor, proposal):
        raise Http404
    reason = request.POST.get("reason", "").strip()[:2_000]
    try:
        with transaction.atomic():
            if request.POST.get("do") == "confirm":
                second_act(actor=actor, proposal=proposal)
                told = translate("Confirmado: el acto se hizo y quedó asentado en el registro.")
            elif not reason:
                return translate("Escriba por qué no: lo leerá quien lo pidió.")
            else:
                decline_act(actor=actor, proposal=proposal, reason=reason)
                told = translate("Quedó asentado que no se confirma.")
    except pairs.Settled:
        return translate("Otra persona respondió antes. La página muestra lo que aún espera.")
    except pairs.Overtaken:
        return translate("Ya no puede hacerse: el asunto cambió, o quien lo pidió ya no tiene la facultad. Recházelo.")
    except NotAuthorised:
        return translate("Quien pidió un acto no puede confirmarlo. Lo hará otra persona.")
    messages.success(request, told)
    return ""


def _row(proposal: Proposal, who: str) -> dict[str, object]:
    return {
        "proposal": proposal, "what": pairs.seconders.get(proposal.verb).tell(proposal.subject, proposal.arguments),
        "who": who or proposal.proposer.name, "organ": name_of(proposal.organ_id), "at": proposal.entry.performed_at,
    }  # fmt: skip


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)

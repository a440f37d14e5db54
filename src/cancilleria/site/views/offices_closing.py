"""Closing an office: what it still holds, who keeps its books, a review, and the act."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.organs.actions import NoSuccessor, StillHolds, close_organ
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.holdings import holdings
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import current_names, open_organs
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.offices import organ_at


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("organ.closed"))
def close(request: HttpRequest, organ: str) -> HttpResponse:
    """Choose the successor, review, close. Nothing happens before the review was confirmed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = organ_at(organ)
    if not actor.may("organ.closed", found.key):
        raise Http404
    names, heir, problem = current_names(), None, ""
    if request.method == "POST":
        heir = Organ.objects.filter(pk=request.POST.get("successor"), closed_on=None).exclude(pk=found.pk).first()
        problem = "" if heir else translate("Elija la oficina que conservará los libros.")
        if heir is not None and request.POST.get("do") == "close":
            problem = _close(actor, found, heir)
            if not problem:
                messages.success(
                    request, translate("La oficina quedó cerrada. Sus libros y expedientes siguen a la vista.")
                )
                return redirect("office_of", organ=organ)
    held = holdings.of(found.key)
    context = {
        "organ": found, "slug": organ, "name": names[found.key], "held": held, "heir": heir, "problem": problem,
        "heir_name": names[heir.key] if heir else "", "closed": found.closed_on is not None,
        "blocked": any(item.holding.binds and item.lines for item in held),
        "successors": sorted(((o.key, names[o.key]) for o in open_organs() if o.pk != found.pk), key=lambda row: row[1]),
    }  # fmt: skip
    return render(request, "site/desk/office_close.html", context, status=422 if problem else 200)


def _close(actor: Actor, organ: Organ, heir: Organ) -> str:
    """Close it; returns what keeps it from being closed, in words."""
    try:
        close_organ(actor=actor, organ=organ, successor=heir)
    except StillHolds:
        return translate("Aún tiene asuntos propios. Atienda lo que la tabla señala y vuelva a esta página.")
    except NoSuccessor:
        return translate("Elija la oficina que conservará los libros.")
    return ""

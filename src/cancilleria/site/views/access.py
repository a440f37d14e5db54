"""The sessions an officer has open, and closing those that are not at this keyboard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.organs.models import Organ
from cancilleria.services.accounts.actions import end_sessions
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.accounts.confirmation import ask_again
from cancilleria.services.accounts.sessions import ABSOLUTE, IDLE, open_sessions


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers())
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Every session of one's own; the others end at once, after showing the second factor."""
    if request.method == "POST":
        return ask_again(request) or _closed(request)
    rows = [(row, row.session_key == request.session.session_key) for row in open_sessions(request.user)]  # type: ignore[arg-type]
    hours = {"idle": IDLE.seconds // 3600, "absolute": ABSOLUTE.seconds // 3600}
    organ = Organ.objects.get(pk=request.actor.organ)  # type: ignore[attr-defined]
    with timezone.override(organ.zone):  # by the clock at the head of the page
        return render(request, "site/access/sessions.html", {"rows": rows, "others": len(rows) > 1} | hours)


def _closed(request: HttpRequest) -> HttpResponse:
    actor, keep = request.actor, str(request.session.session_key)  # type: ignore[attr-defined]
    end_sessions(actor=actor, user=request.user, keep=keep)  # type: ignore[arg-type]
    return redirect("sessions")

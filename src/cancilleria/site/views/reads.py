"""Who opened what about persons, for whoever audits; and who opened more than is usual."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.queries import name_of, signature_lines
from cancilleria.kernel.register.models import Entry, Read
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.older import older

ALARMS = 20
KINDS = {"case": _("expediente"), "person": _("persona"), "data": _("datos de una persona"), "document": _("documento")}


@require_safe
@audience(officers("desk.register"))
def reads(request: HttpRequest) -> HttpResponse:
    """Newest first: every office for whoever audits all of them, otherwise one's own. `?q=` is a person's or a case's key."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, text = Read.objects.all(), request.GET.get("q", "").strip()[:80]
    alarms = Entry.objects.filter(verb="reads.exceeded").order_by("-recorded_at")
    if "desk.register*" not in actor.powers and "desk.cases*" not in actor.powers:
        found, alarms = found.filter(organ=actor.organ), alarms.filter(organ=actor.organ)
    if text:
        found = found.filter(subject=text)
    page = older(found, request.GET.get("antes", ""))
    told = list(alarms[:ALARMS])
    names = signature_lines([*(read.actor for read in page.rows), *(entry.actor for entry in told)])
    context = {
        "page": page, "text": text, "limit": house_rules().reads_per_hour,
        "rows": [(read, names.get(read.actor, read.actor), name_of(read.organ), KINDS.get(read.what, read.what)) for read in page.rows],
        "alarms": [(entry, names.get(entry.actor, entry.actor), name_of(entry.organ)) for entry in told],
    }  # fmt: skip
    return render(request, "site/data/reads.html", context)

"""Offices as they are: the page of each, and in what capacity an officer acts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_POST, require_safe

from cancilleria.kernel.organs.authority import Actor, actor_of_officer
from cancilleria.kernel.organs.matrix import AFAR, matrix_of
from cancilleria.kernel.organs.models import DecreedDay, Organ
from cancilleria.kernel.organs.queries import current_names, local_today, name_of, next_closed_days
from cancilleria.kernel.people.queries import state_name
from cancilleria.kernel.people.rules import fold
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.accounts.middleware import CAPACITY
from cancilleria.site.offices import KIND_NAMES, organ_at, person, slug_of

CLOSED_DAYS = 6


@require_POST
@audience(officers())
def capacity(request: HttpRequest) -> HttpResponse:
    """Act from now on in a cover of one's own, or again in one's own post; kept in the session."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = request.POST.get("capacity", "")
    chosen = actor_of_officer(actor.officer, capacity=wanted)
    if chosen is not None and chosen.key == wanted:
        request.session[CAPACITY] = wanted
    else:
        request.session.pop(CAPACITY, None)
    return redirect("desk")


@require_safe
@audience(officers("desk"))
def index(request: HttpRequest) -> HttpResponse:
    """Every office, open or closed, by name, city or code."""
    text = fold(request.GET.get("q", "")[:60])
    names = current_names()
    rows = [
        {"organ": organ, "name": names[organ.key], "kind": KIND_NAMES[organ.kind], "slug": slug_of(organ.key)}
        for organ in Organ.objects.order_by("code")
        if text in fold(f"{names[organ.key]} {organ.city} {organ.code}")
    ]
    return render(request, "site/desk/offices.html", {"rows": rows, "text": request.GET.get("q", "")})


@require_safe
@audience(officers("desk"))
def office(request: HttpRequest, organ: str = "") -> HttpResponse:
    """One office: what it is, whom it serves, when it works, who serves in it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = organ_at(organ or slug_of(actor.organ or ""))
    today = local_today(found)
    reasons = dict(DecreedDay.objects.filter(calendar=found.calendar).values_list("day", "reason"))
    matrix = matrix_of(found, today)
    context = {
        "organ": found, "name": name_of(found.key), "kind": KIND_NAMES[found.kind], "own": found.key == actor.organ,
        "weekend": [WEEKDAYS[day - 1] for day in found.weekend], "slug": slug_of(found.key),
        "accredited": [state_name(a.state) for a in found.accreditations.filter(to_date=None).order_by("state")],
        "hosts": [state_name(h.state) for h in found.hostings.filter(to_date=None).order_by("state")],
        "above": _bond(found.parent), "supervisor": _bond(found.supervised_by), "heir": _bond(found.successor),
        "supervised": [_bond(o) for o in found.supervised.filter(closed_on=None).order_by("code")],
        "kept": [_bond(o) for o in found.predecessors.order_by("code")],
        "closed_days": [(day, reasons.get(day, "")) for day in next_closed_days(found, count=CLOSED_DAYS)],
        "people": [person(holder) for holder in matrix.holders if holder.how != AFAR],
        "limit": matrix.limit, "may_close": actor.may("organ.closed", found.key) and found.closed_on is None,
        "head": found.key == actor.organ and actor.may("desk.office"),
    }  # fmt: skip
    return render(request, "site/desk/office.html", context)


def _bond(organ: Organ | None) -> tuple[str, str] | None:
    return (slug_of(organ.key), name_of(organ.key)) if organ else None

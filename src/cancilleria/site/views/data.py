"""What is held about a person: given to them in one file, or erased by two officers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases.actions.access import give_data, note_read
from cancilleria.kernel.cases.actions.erasure import CAUSES
from cancilleria.kernel.cases.holding import matter_of_person, organ_of
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import OPEN_STATES
from cancilleria.kernel.cases.traces import Matter, traces
from cancilleria.kernel.organs.actions import propose_act
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import AlreadyAsked, open_for
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.models import Entry, Hold, Withheld
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.dossier import ROOMS, pack

ERASED = "data.erased"


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("data.given"))
def person_data(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """How much is held where; give it to the person, or ask for its erasure. Each act demands its own power."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, problem = get_object_or_404(Person, pk=f"person:{person}"), ""
    if request.method == "POST" and request.POST.get("do") == "give":
        return _give(actor, found)
    if request.method == "POST":
        problem = _ask(actor, found, request.POST.get("cause", ""))
        if not problem:
            messages.success(request, translate("Se pidió. Otra persona lo confirma en «Por confirmar»."))
            return redirect("person_data", person=person)
    note_read(actor=actor, what="data", subject=found.key)
    matter = matter_of_person(found)
    context = {
        "person": found, "problem": problem, "causes": [row for row in CAUSES.items() if row[0] != "retention"],
        "counts": [(ROOMS.get(name, name), len(list(trace.tell(matter)))) for name, trace in traces],
        "entries": Entry.objects.filter(subjects__overlap=matter.subjects).count(), **_standing(actor, found, matter),
    }  # fmt: skip
    return render(request, "site/data/person.html", context, status=422 if problem else 200)


def _standing(actor: Actor, found: Person, matter: Matter) -> dict[str, object]:
    """Whether it was erased, waits for a second person, or something stands in the way."""
    return {
        "erased": Withheld.objects.filter(subject=found.key, what="erased").select_related("entry").first(),
        "waits": open_for(ERASED, found.key) is not None,
        "held": Hold.objects.filter(subject__in=matter.subjects, lifted=None).exists(),
        "running": Case.objects.filter(pk__in=matter.cases, state__in=OPEN_STATES).exists(),
        "may_erase": actor.may(ERASED, organ_of(actor, found)),
    }


def _give(actor: Actor, found: Person) -> HttpResponse:
    try:
        data = pack(give_data(actor=actor, person=found), found)
    except NotAuthorised:
        raise Http404 from None
    headers = {"Content-Disposition": 'attachment; filename="lo-que-consta.zip"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type="application/zip", headers=headers)


def _ask(actor: Actor, found: Person, cause: str) -> str:
    """Propose the erasure; returns what kept it from being asked, in words."""
    if cause not in CAUSES:
        return translate("Elija la causa por la que se suprime.")
    organ = Organ.objects.get(pk=organ_of(actor, found))
    cases = [f"case:{case}" for case in matter_of_person(found).cases]
    try:
        propose_act(actor=actor, verb=ERASED, organ=organ, subject=found.key, arguments={"cause": cause}, about=cases)
    except AlreadyAsked:
        return translate("Ya se pidió y espera a otra persona.")
    except NotAuthorised:
        return translate("Su puesto no le permite hacer esto.")
    return ""

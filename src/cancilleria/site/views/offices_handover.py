"""Minutes of handover: drawn up by who leaves, accepted by who receives, and printed."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import CHOICE, LONG_TEXT, Field, Page
from cancilleria.kernel.cases.queries import format_number
from cancilleria.kernel.organs import actions
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.holdings import holdings
from cancilleria.kernel.organs.models import Handover, Organ
from cancilleria.kernel.organs.models.keeping import ACCEPTED, DRAWN, REPLACED
from cancilleria.kernel.organs.queries import name_of, signature_line_of
from cancilleria.kernel.register.models import Entry
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.signing.compose import compose
from cancilleria.site.offices import people_of, posting_of

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "site" / "handover.typ"
STATES = {DRAWN: _("espera a quien recibe"), ACCEPTED: _("recibida"), REPLACED: _("reemplazada por otra")}
MARKS = {DRAWN: "warn", ACCEPTED: "ok", REPLACED: "plain"}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def handovers(request: HttpRequest) -> HttpResponse:
    """Minutes of the office, or those one signs; what it holds now, and the form to hand it over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = Organ.objects.get(pk=actor.organ)
    form = _form(organ, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        drawn = _draw(request, actor, organ, form)
        if drawn is not None:
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("handover", handover=drawn.pk)
    may_draw = actor.may("handover.drawn")
    context = {
        "name": name_of(organ.key), "form": form, "key": request.POST.get("key") or uuid.uuid4(), "may_draw": may_draw,
        "held": holdings.of(organ.key) if may_draw else [], "rows": [_row(found) for found in _seen_by(actor)],
    }  # fmt: skip
    return render(request, "site/desk/office_handovers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def handover(request: HttpRequest, handover: uuid.UUID) -> HttpResponse:
    """One handover, with both signatures; who receives accepts here, with what does not match."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, problem = _found(handover, actor), ""
    if request.method == "POST":
        try:
            actions.accept_handover(
                actor=actor, handover=found, differences=request.POST.get("differences", "").strip()[:2_000]
            )
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("handover", handover=found.pk)
        except (NotAuthorised, actions.NotDrawn):
            problem = translate("Esta acta no espera su firma. La página muestra cómo quedó.")
    context = _row(found) | {
        "problem": problem, "written_in": ministry().languages[0],
        "given": _signature(found.drawn), "taken": _signature(found.accepted),
        "receives": actor.officer == found.incoming_id and found.state == DRAWN,
    }  # fmt: skip
    return render(request, "site/desk/office_handover.html", context, status=422 if problem else 200)


@require_safe
@audience(officers("desk"))
def handover_pdf(request: HttpRequest, handover: uuid.UUID) -> HttpResponse:
    """The minutes on paper: numbered, with their digest and both signatures."""
    found = _found(handover, request.actor)  # type: ignore[attr-defined]
    at = timezone.localtime(found.drawn.performed_at, ZoneInfo(found.organ.zone))
    # As it was drawn: in the ministry's own language, whoever prints it.
    with translation.override(ministry().languages[0]):
        data = {
            "number": _number(found), "organ": name_of(found.organ_id), "ministry": in_language(ministry().name),
            "lang": ministry().languages[0], "date": [at.year, at.month, at.day], "kinds": found.lines,
            "remarks": found.remarks, "differences": found.differences, "digest": found.digest, "state": str(STATES[found.state]),
            "given": _signature(found.drawn), "taken": _signature(found.accepted), "words": _words(),
            "incoming": found.incoming.name, "demonstration": settings.DEMONSTRATION,
        }  # fmt: skip
    document = compose(TEMPLATE.read_bytes(), {"data.json": json.dumps(data, ensure_ascii=False).encode()})
    headers = {"Content-Disposition": f'attachment; filename="acta-de-entrega-{_number(found)}.pdf"'}
    return HttpResponse(document.data, content_type="application/pdf", headers=headers)


def _form(organ: Organ, data: object) -> forms.Form:
    fields = (
        Field("incoming", _("¿Quién recibe?"), CHOICE, choices=lambda: people_of(organ)),
        Field("remarks", _("Observaciones de quien entrega"), LONG_TEXT, required=False),
    )
    return form_for(Page("handover", _("Levantar el acta"), fields), data=data, prefix="handover")


def _draw(request: HttpRequest, actor: Actor, organ: Organ, form: forms.Form) -> Handover | None:
    """The minutes, or None with the form saying why not. Pressed twice, they are the same."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None
    if not form.is_valid():
        return None
    try:
        return actions.draw_handover(
            actor=actor, organ=organ, incoming=posting_of(form.cleaned_data["incoming"]),
            remarks=form.cleaned_data["remarks"], key=key,
        )  # fmt: skip
    except actions.SamePerson:
        form.add_error("incoming", translate("Nadie se entrega a sí mismo. Elija a quien recibe."))
    except NotAuthorised:
        raise Http404 from None
    return None


def _seen_by(actor: Actor) -> list[Handover]:
    mine = Q(outgoing=actor.officer) | Q(incoming=actor.officer)
    seen = mine | Q(organ__in=[actor.organ, *actor.keeps]) if actor.may("desk.office") else mine
    found = Handover.objects.filter(seen).select_related("organ", "outgoing", "incoming", "drawn", "accepted")
    return list(found.order_by("-drawn__recorded_at"))


def _found(key: uuid.UUID, actor: Actor) -> Handover:
    found = next((row for row in _seen_by(actor) if row.pk == key), None)
    if found is None:
        raise Http404
    return found


def _row(found: Handover) -> dict[str, object]:
    return {
        "handover": found, "number": _number(found), "state": STATES[found.state], "mark": MARKS[found.state],
        "organ": name_of(found.organ_id),
    }  # fmt: skip


def _number(found: Handover) -> str:
    return format_number(found.organ_id, found.drawn.year, found.drawn.number)


def _signature(entry: Entry | None) -> dict[str, str] | None:
    """Whose line, when in the office's zone, and the entry that proves it."""
    if entry is None:
        return None
    at = timezone.localtime(entry.performed_at, ZoneInfo(entry.zone))
    return {
        "line": signature_line_of(entry.actor), "at": f"{date_format(at, 'DATE_FORMAT')}, {at:%H:%M} ({entry.zone})",
        "leaf": bytes(entry.leaf_hash).hex(),
    }  # fmt: skip


def _words() -> dict[str, str]:
    """The labels of the paper, in the reader's language."""
    return {
        "title": translate("Acta de entrega"), "nothing": translate("nada"), "remarks": translate("Observaciones de quien entrega"),
        "differences": translate("Diferencias que anota quien recibe"), "none": translate("ninguna"),
        "given": translate("Entrega"), "taken": translate("Recibe"), "entry": translate("Asiento"),
        "unsigned": translate("pendiente de firma"), "digest": translate("Resumen SHA-256 de lo entregado"),
        "signed": translate("Ambas firmas son actos del registro, que nadie puede cambiar."),
        "demonstration": translate("Demostración: sin valor."),
    }  # fmt: skip

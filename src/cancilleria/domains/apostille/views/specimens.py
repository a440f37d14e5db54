"""The register of specimens at the desk: find a signature, enter one, note who left office, put right what was wrong."""

from __future__ import annotations

import uuid
from datetime import date

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import actions, forms, queries
from cancilleria.domains.apostille.models import AskedSpecimen, Specimen
from cancilleria.domains.apostille.models.registers import OWN_CONSUL
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.actions import resume_case
from cancilleria.kernel.cases.rules import AWAITING_BODY, CannotFollow
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import name_of
from cancilleria.kernel.people.actions import register_entity
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.people.queries import state_name
from cancilleria.kernel.register.queries import history
from cancilleria.services.accounts.audience import audience, officers

PAGE = 25
KEPT = ("kind", "name", "capacity", "state", "organ", "valid_from", "valid_to", "fingerprint", "source")


@require_safe
@audience(officers("desk.cases"))
def index(request: HttpRequest) -> HttpResponse:
    """Every signature on file, found by the words of name, capacity or entity."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = request.GET.get("firma", "")[:100]
    page = Paginator(queries.search(text), PAGE).get_page(request.GET.get("pagina"))
    names = dict(forms.KIND_NAMES)
    rows = [(found, names[found.kind], state_name(found.state)) for found in page]
    context = {"page": page, "rows": rows, "text": text, "may_register": actor.may("specimen.registered")}
    return render(request, "apostille/desk/specimens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("specimen.registered"))
def new(request: HttpRequest) -> HttpResponse:
    """Enter a signature; with `?pedido=`, the one a waiting case asked for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = _asked(request.GET.get("pedido", ""), actor)
    if request.method != "POST":
        wanted = {"name": asked.name, "capacity": asked.capacity, "entity": asked.entity} if asked else {}
        country = Organ.objects.get(pk=actor.organ).country
        form = forms.SpecimenForm(initial={"kind": "authority", "state": country, **wanted})
    else:
        form = forms.SpecimenForm(request.POST, request.FILES)
        found = _write(form, actor, asked=asked) if form.is_valid() else None
        if found is not None:
            messages.success(request, _("La firma quedó registrada."))
            return redirect("specimen", key=found.pk)
    context = {"form": form, "asked": asked, "title": _("Registrar una firma")}
    return render(request, "apostille/desk/specimen_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("specimen.registered"))
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Put a row right: the wrong one is withdrawn, and stays to be seen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    old = _specimen(key)
    if request.method != "POST":
        form = forms.SpecimenForm(initial={name: getattr(old, name) for name in KEPT} | {"entity": old.entity.name})
    else:
        form = forms.SpecimenForm(request.POST, request.FILES)
        found = _write(form, actor, old=old) if form.is_valid() else None
        if found is not None:
            messages.success(request, _("La firma quedó corregida. La anterior consta como retirada."))
            return redirect("specimen", key=found.pk)
    context = {"form": form, "old": old, "title": _("Corregir una firma registrada")}
    return render(request, "apostille/desk/specimen_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.cases"))
def specimen(request: HttpRequest, key: str) -> HttpResponse:
    """A signature with its images, its days in office, its history, and the cases that waited for it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, closing, problem = _specimen(key), forms.CloseForm(prefix="close"), ""
    if request.method == "POST":
        closing, problem = _change(request, actor, found)
        if not problem and not closing.errors:
            messages.success(request, _("Quedó asentado en el registro."))
            return redirect("specimen", key=found.pk)
    waiting = [row for row in queries.waiting_for(found) if cases.case_for(row.case_id, viewer=actor)]
    context = {
        "found": found, "kind": dict(forms.KIND_NAMES)[found.kind], "state": state_name(found.state),
        "current": queries.current(found), "closing": closing, "problem": problem, "history": reversed(history(found.pk)),
        "may_register": actor.may("specimen.registered") and not found.withdrawn, "today": date.today(),  # noqa: DTZ011
        "waiting": [(row.case, cases.number_of(row.case), row.case.state == AWAITING_BODY) for row in waiting],
    }  # fmt: skip
    return render(request, "apostille/desk/specimen.html", context, status=422 if problem or closing.errors else 200)


@require_safe
@audience(officers("desk.cases"))
def image(request: HttpRequest, key: str, which: str) -> HttpResponse:
    """The picture of a signature or a seal, drawn anew from what was taken in."""
    found = _specimen(key)
    picture = queries.image_of({"firma": found.signature, "sello": found.seal}.get(which))
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _change(request: HttpRequest, actor: Actor, found: Specimen) -> tuple[forms.CloseForm, str]:
    """Close the row, or let a case that waited for it go on."""
    closing = forms.CloseForm(prefix="close")
    try:
        if request.POST.get("do") == "resume":
            case = cases.case_for(_uuid(request.POST.get("case", "")), viewer=actor)
            if case is None:
                raise Http404
            resume_case(actor=actor, case=case)
            return closing, ""
        closing = forms.CloseForm(request.POST, prefix="close")
        if closing.is_valid():
            actions.close_specimen(actor=actor, specimen=found, **closing.cleaned_data)
    except NotAuthorised:
        return closing, _("Su puesto no le permite hacer esto.")
    except (actions.AlreadyWithdrawn, CannotFollow):
        return closing, _("Otra persona lo hizo antes. La página muestra cómo quedó.")
    except IntegrityError:
        return closing, _("El último día no puede ser anterior al primero.")
    return closing, ""


def _write(
    form: forms.SpecimenForm, actor: Actor, *, asked: AskedSpecimen | None = None, old: Specimen | None = None
) -> Specimen | None:
    """Register or correct as the form says; None, with the reason in the form, when it cannot be."""
    given = {name: form.cleaned_data[name] for name in KEPT}
    try:
        with transaction.atomic():
            given |= _images(form) | {"entity": _entity(form, actor)}
            if given["kind"] != OWN_CONSUL:
                given["organ"] = ""
            if old is None:
                return actions.register_specimen(actor=actor, asked=asked, **given)
            return actions.correct_specimen(actor=actor, specimen=old, reason=form.cleaned_data["source"], **given)
    except Refused as refused:
        form.add_error("signature", refused.message)
    except IntegrityError:
        form.add_error(
            "fingerprint", _("Ese certificado es de otra firma registrada en esos días. Ciérrela o corríjala antes.")
        )
    except actions.AlreadyWithdrawn:
        form.add_error(None, _("Otra persona ya corrigió esta firma. Búsquela otra vez."))
    return None


def _images(form: django_forms.Form) -> dict[str, Document]:
    """Of what was attached; a correction keeps the image that is not replaced."""
    held = {name: form.cleaned_data.get(name) for name in ("signature", "seal")}
    return {name: take_in(file.read(), title=file.name[:120]) for name, file in held.items() if file}


def _entity(form: forms.SpecimenForm, actor: Actor) -> Entity:
    """Whose seal it is: a consulate of ours under its name, else the entity that was written."""
    given, organ = form.cleaned_data, Organ.objects.get(pk=actor.organ)
    own = given["kind"] == OWN_CONSUL
    return register_entity(
        actor=actor, organ=organ.key, zone=organ.zone, name=name_of(given["organ"], language="es") if own else given["entity"],
        kind="public", country=given["state"],
    )  # fmt: skip


def _specimen(key: str) -> Specimen:
    found = queries.specimen(key)
    if found is None:
        raise Http404
    return found


def _asked(text: str, actor: Actor) -> AskedSpecimen | None:
    """What a case asked for, of those the officer may see and nobody has answered."""
    found = AskedSpecimen.objects.filter(pk=_uuid(text), specimen=None).select_related("case__entry").first()
    return found if found and cases.case_for(found.case_id, viewer=actor) else None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return queries.NOBODY

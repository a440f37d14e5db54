"""Stamps of an office: registered, entrusted, lost, retired."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import CHOICE, LONG_TEXT, TEXT, Field, Page
from cancilleria.kernel.organs import actions
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ, Posting, Stamp
from cancilleria.kernel.organs.models.keeping import IN_USE, LOST, RETIRED
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.accounts.audience import audience, officers

STATES = {IN_USE: _("en uso"), LOST: _("perdido"), RETIRED: _("retirado")}
MARKS = {IN_USE: "ok", LOST: "bad", RETIRED: "plain"}
KINDS = (("ink", _("De tinta")), ("dry", _("Seco")), ("lacquer", _("De lacre")), ("digital", _("Digital")))
NEW = Page("stamp", _("Registrar un sello"), (
    Field("label", _("Nombre o número del sello"), TEXT),
    Field("kind", _("Clase"), CHOICE, choices=lambda: [(key, str(label)) for key, label in KINDS], radio=True),
    Field("imprint", _("Texto que imprime"), LONG_TEXT),
))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def stamps(request: HttpRequest) -> HttpResponse:
    """The office's stamps. Each act demands its own power; who has a stamp may report it lost."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = Organ.objects.get(pk=actor.organ)
    form, problem = form_for(NEW, data=request.POST if request.POST.get("do") == "register" else None), ""
    if request.method == "POST":
        problem = _register(actor, organ, form) if form.is_bound else _act(request, actor, organ)
        if not problem and not form.errors:
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("office_stamps")
    context = {
        "name": name_of(organ.key), "form": form, "problem": problem, "rows": [_row(s, actor) for s in _stamps(organ)],
        "colleagues": _colleagues(organ), "may_register": actor.may("stamp.registered"),
    }  # fmt: skip
    return render(request, "site/desk/office_stamps.html", context, status=422 if problem or form.errors else 200)


def _register(actor: Actor, organ: Organ, form: forms.Form) -> str:
    if not form.is_valid():
        return ""
    try:
        with transaction.atomic():
            actions.register_stamp(actor=actor, organ=organ, **form.cleaned_data)
    except IntegrityError:
        form.add_error("label", translate("Ya hay un sello con ese nombre. Escriba otro."))
    except NotAuthorised:
        return translate("Su puesto no le permite hacer esto.")
    return ""


def _act(request: HttpRequest, actor: Actor, organ: Organ) -> str:
    """Entrust, report lost or retire; returns what kept it from being done, in words."""
    stamp = get_object_or_404(Stamp.objects.select_related("organ"), pk=request.POST.get("stamp"), organ=organ)
    reason = request.POST.get("reason", "").strip()[:2_000]
    table: Mapping[str, Callable[[], object]] = {
        "entrust": lambda: actions.entrust_stamp(
            actor=actor, stamp=stamp, posting=get_object_or_404(Posting, pk=request.POST.get("posting"))
        ),
        "lost": lambda: actions.report_stamp_lost(actor=actor, stamp=stamp, reason=reason),
        "retire": lambda: actions.retire_stamp(actor=actor, stamp=stamp, reason=reason),
    }
    act = table.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    if request.POST["do"] != "entrust" and not reason:
        return translate("Escriba qué pasó con el sello.")
    try:
        act()
    except actions.NotInUse:
        return translate("Ese sello ya no está en uso. La página muestra cómo quedó.")
    except actions.Elsewhere:
        return translate("Esa persona ya no sirve en esta oficina. Elija otra.")
    except NotAuthorised:
        return translate("Su puesto no le permite hacer esto.")
    return ""


def _stamps(organ: Organ) -> list[Stamp]:
    return list(organ.stamps.prefetch_related("custodies__posting__officer").order_by("state", "label"))


def _row(stamp: Stamp, actor: Actor) -> dict[str, object]:
    custody = next((c for c in stamp.custodies.all() if c.to_time is None), None)
    mine, used = custody is not None and custody.posting_id == actor.key, stamp.state == IN_USE
    return {
        "stamp": stamp, "kind": dict(KINDS).get(stamp.kind, stamp.kind), "state": STATES[stamp.state],
        "mark": MARKS[stamp.state], "custody": custody, "may_entrust": used and actor.may("stamp.entrusted"),
        "may_lose": used and (mine or actor.may("stamp.lost")), "may_retire": used and actor.may("stamp.retired"),
    }  # fmt: skip


def _colleagues(organ: Organ) -> list[tuple[str, str]]:
    found = Posting.objects.filter(post__organ=organ, to_date=None).select_related("officer")
    return [(posting.key, posting.officer.name) for posting in found.order_by("officer__first_surname")]

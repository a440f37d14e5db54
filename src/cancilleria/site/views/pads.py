"""Contingency pads of an office: what it was given and what became of every slip."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import CHOICE, NUMBER, Field, Page
from cancilleria.kernel.organs.actions import SlipTaken, WhyMissing, deliver_pad, spoil_slip
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import blank_slips, slip_name, stocks
from cancilleria.kernel.organs.queries import name_of, open_organs
from cancilleria.kernel.register.models import Slip
from cancilleria.services.accounts.audience import audience, officers

DELIVERED = "pad.delivered"
NEW = Page("pad", _("Entregar un talonario"), (
    Field("organ", _("A qué oficina"), CHOICE, choices=lambda: _offices()),
    Field("name", _("Letras impresas antes del número"), hint=_("Por ejemplo C-MAD. No se repiten nunca."), max_length=20),
    Field("first", _("Primer número"), NUMBER),
    Field("count", _("Cuántas hojas"), NUMBER, hint=_("Hasta mil.")),
))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def pads(request: HttpRequest) -> HttpResponse:
    """The office's pads. Delivering and spoiling demand their own powers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ, delivering = str(actor.organ), request.POST.get("do") == "deliver"
    form, problem = form_for(NEW, data=request.POST if delivering else None), ""
    if request.method == "POST":
        problem = _deliver(actor, form) if delivering else _spoil(request, actor, organ)
        if not problem and not form.errors:
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("office_pads")
    context = {
        "name": name_of(organ), "stocks": stocks(organ), "form": form, "problem": problem,
        "blank": [(slip.pk, slip_name(slip)) for slip in blank_slips(organ)[:200]],
        "may_deliver": actor.may(DELIVERED), "may_spoil": actor.may("slip.spoiled", organ),
    }  # fmt: skip
    return render(request, "site/desk/office_pads.html", context, status=422 if problem or form.errors else 200)


def _offices() -> list[tuple[str, str]]:
    return [(organ.key, name_of(organ.key)) for organ in open_organs()]


def _deliver(actor: Actor, form: forms.Form) -> str:
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    try:
        with transaction.atomic():
            deliver_pad(
                actor=actor, organ=Organ.objects.get(pk=given["organ"]), name=given["name"].strip(),
                first=int(given["first"]), count=int(given["count"]),
            )  # fmt: skip
    except IntegrityError:
        form.add_error("name", translate("Ya hay un talonario con esas letras. Escriba otras."))
    except ValueError:
        form.add_error("count", translate("Escriba un número de 1 a 1000."))
    except NotAuthorised:
        return translate("Su puesto no le permite entregar talonarios a esa oficina.")
    return ""


def _spoil(request: HttpRequest, actor: Actor, organ: str) -> str:
    try:
        chosen = uuid.UUID(request.POST.get("slip", ""))
        slip = Slip.objects.select_related("pad").get(pk=chosen, pad__organ=organ)
        spoil_slip(actor=actor, slip=slip, reason=request.POST.get("reason", "")[:500])
    except WhyMissing:
        return translate("Escriba por qué se inutiliza.")
    except SlipTaken:
        return translate("Esa hoja ya se usó o se inutilizó.")
    except (ValueError, Slip.DoesNotExist):
        return translate("Elija una hoja de su oficina.")
    except NotAuthorised:
        return translate("Su puesto no le permite hacer esto.")
    return ""

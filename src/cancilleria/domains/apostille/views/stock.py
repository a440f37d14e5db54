"""The stock of blank forms of an office: received, used by which act, spoiled for which reason, returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.domains.apostille import actions, forms, queries
from cancilleria.domains.apostille.models.forms import BLANK, RETURNED, SPOILED, USED
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.accounts.audience import audience, officers

PAGE = 25
STATE_NAMES = {
    BLANK: _("en blanco"), USED: _("usado"), SPOILED: _("inutilizado"), RETURNED: _("devuelto"),
}  # fmt: skip
Run = Callable[[Actor, str, django_forms.Form], object]


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.cases"))
def stock(request: HttpRequest) -> HttpResponse:
    """Every form of the officer's own office, and what may be done with those in blank."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ, chosen = actor.organ or "", request.POST.get("do", "")
    acts = {
        key: (label, form(request.POST if chosen == key else None, prefix=key), run)
        for key, (power, label, form, run) in ACTS.items()
        if actor.may(power, organ)
    }
    if chosen in acts and _done(actor, organ, acts[chosen][1], acts[chosen][2]):
        messages.success(request, translate("Quedó asentado en el registro."))
        return redirect("forms")
    state = request.GET.get("estado", "")
    page = Paginator(queries.forms_of(organ, state=state if state in STATE_NAMES else ""), PAGE).get_page(
        request.GET.get("pagina")
    )
    counts = queries.stock_of(organ)
    context = {
        "organ": name_of(organ), "page": page, "state": STATE_NAMES.get(state, ""),
        "counts": [(key, name, counts[key]) for key, name in STATE_NAMES.items()],
        "rows": [(form, STATE_NAMES[form.state], _act_of(form)) for form in page],
        "acts": [(key, label, form) for key, (label, form, _run) in acts.items()],
        "failed": acts[chosen][1] if chosen in acts else None,
    }  # fmt: skip
    return render(request, "apostille/desk/stock.html", context, status=422 if request.method == "POST" else 200)


def _done(actor: Actor, organ: str, form: django_forms.Form, run: Run) -> bool:
    """Whether it was done; if not, the form says what to mend."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            run(actor, organ, form)
    except IntegrityError:
        form.add_error("first", translate("Alguno de esos formularios ya consta. Revise la serie y los números."))
    except actions.FormTaken:
        form.add_error(
            "first", translate("Alguno de esos formularios no está en blanco en esta oficina. Revise los números.")
        )
    except NotAuthorised:
        form.add_error(None, translate("Su puesto no le permite hacer esto."))
    return not form.errors


def _receive(actor: Actor, organ: str, form: django_forms.Form) -> object:
    return actions.receive_forms(actor=actor, organ=organ, **form.cleaned_data)


def _sheets(organ: str, form: django_forms.Form) -> list[forms.Form]:
    first = form.cleaned_data["first"].strip().upper()
    last = form.cleaned_data["last"].strip().upper() or first
    found = list(queries.forms_of(organ, state=BLANK).filter(serial__gte=first, serial__lte=last)[: actions.MOST])
    if not found or found[0].serial != first or found[-1].serial != last:
        raise actions.FormTaken(first)
    return found


def _spoil(actor: Actor, organ: str, form: django_forms.Form) -> object:
    return [
        actions.spoil_form(actor=actor, form=sheet, reason=form.cleaned_data["reason"])
        for sheet in _sheets(organ, form)
    ]


def _return(actor: Actor, organ: str, form: django_forms.Form) -> object:
    return actions.return_forms(
        actor=actor, organ=organ, forms=_sheets(organ, form), reason=form.cleaned_data["reason"]
    )


ACTS: Mapping[str, tuple[str, object, type[forms.Plain], Run]] = {
    "receive": ("form.received", _("Recibir formularios"), forms.ReceiveForm, _receive),
    "spoil": ("form.spoiled", _("Inutilizar formularios en blanco"), forms.SheetForm, _spoil),
    "return": ("form.returned", _("Devolver formularios en blanco"), forms.SheetForm, _return),
}


def _act_of(form: forms.Form) -> str:
    """The number of the act printed on a form."""
    return queries.number_of(form.act) if form.act else ""

"""The box of a cashier who is not there: its office passes it to another, who counts and closes it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.queries import signature_line_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.fees import actions, queries
from cancilleria.services.fees.boxes import NoSession, free_cashiers
from cancilleria.services.fees.models import CashSession
from cancilleria.services.fees.verbs import CASH_RELIEVED
from cancilleria.site.cash_forms import Relief


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(CASH_RELIEVED.code))
def relief(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Pass a box that is not closed to a cashier who has none, with the reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found: CashSession = get_object_or_404(queries.boxes_to_relieve(actor), pk=session)
    cashiers = free_cashiers(found.organ)
    form = Relief(cashiers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.relieve_cashier(actor=actor, session=found, **form.cleaned_data)
        except (NoSession, actions.NotRelieved):
            form.add_error(None, translate("La caja o quien la recibe ya no están como se ven aquí. Mire otra vez."))
        else:
            messages.success(request, translate("La caja pasó a otra persona, que la cuenta y la cierra."))
            return redirect("cash_account")
    context = {"form": form, "session": found, "cashier": signature_line_of(found.officer), "cashiers": cashiers}
    return render(request, "site/cash/relief.html", context, status=422 if form.errors else 200)

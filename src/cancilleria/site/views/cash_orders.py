"""Receipts and orders at the desk: seen, printed, voided, exempted, given back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.fees import actions, closing, queries, tariff
from cancilleria.services.fees.boxes import POWER, NoSession
from cancilleria.services.fees.models import Order, Receipt
from cancilleria.services.fees.rules import GATEWAY, change
from cancilleria.services.fees.settling import AlreadySettled, UnderWay
from cancilleria.site.cash_forms import Exempting, Reason
from cancilleria.site.cash_papers import MEANS_NAMES, receipt_pdf


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def receipt(request: HttpRequest, receipt: uuid.UUID) -> HttpResponse:
    """A receipt with its change; the cashier who gave it may void it while their box is open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(queries.receipts_for(actor), pk=receipt)
    session = queries.own_session(actor)
    own = session is not None and session.pk == found.session_id and session.state == "open" and not found.voided_id
    form = Reason(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        problem = _void(actor, found, form.cleaned_data["reason"])
        if not problem:
            messages.success(request, translate("El recibo quedó anulado. Su número no se vuelve a usar."))
            return redirect("cash_receipt", receipt=found.pk)
        form.add_error(None, problem)
    context = {
        "receipt": found, "number": queries.number_of(found), "means": MEANS_NAMES[found.means], "own": own, "form": form,
        "collects": actor.may(POWER),
        "change": change(found.total, found.given) if found.given is not None else None,
        "orders": [(o, queries.case_number(o), queries.title_of(o)) for o in queries.orders_of(found)],
    }  # fmt: skip
    return render(request, "site/cash/receipt.html", context, status=422 if form.errors else 200)


@require_safe
@audience(officers("desk"))
def paper(request: HttpRequest, receipt: uuid.UUID) -> HttpResponse:
    """The receipt on paper."""
    return receipt_pdf(get_object_or_404(queries.receipts_for(request.actor), pk=receipt))  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def order(request: HttpRequest, order: uuid.UUID) -> HttpResponse:
    """What a case owes: exempt it, or give back what was paid, as the law and the tariff allow."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(queries.orders_for(actor), pk=order)
    lines = list(found.lines.order_by("pk"))
    law = tariff.exemptions([line.key for line in lines], found.day)
    causes = [(row.key, f"{tariff.name_of(row)} ({row.legal_basis})") for row in law]
    do = request.POST.get("do", "")
    exempting = Exempting(causes, *((request.POST, request.FILES) if do == "exempt" else ()))
    giving = Reason(request.POST if do == "refund" else None)
    acts: Mapping[str, Callable[[], forms.Form]] = {
        "exempt": lambda: _exempt(actor, found, exempting), "refund": lambda: _refund(actor, found, giving),
        "pay": lambda: _pay_back(actor, found, request.POST.get("means", ""), request.POST.get("reference", "")),
    }  # fmt: skip
    form = acts[do]() if request.method == "POST" and do in acts else None
    if form is not None and not form.errors:
        messages.success(request, translate("Quedó asentado en el registro."))
        return redirect("cash_order", order=found.pk)
    names = tariff.names_of([line.key for line in lines], found.day)
    refund = getattr(found, "refund", None)
    context = {
        "order": found, "lines": [(names.get(line.key, line.key), line) for line in lines], "failed": form,
        "number": queries.case_number(found), "title": queries.title_of(found), "exempting": exempting, "giving": giving,
        "receipt_number": queries.number_of(found.receipt) if found.receipt else "", "refund": refund,
        "refundable": 0 if refund else closing.refundable(found),
        "may_exempt": found.state == "pending" and actor.may("fee.exempted", found.organ),
        "may_refund": actor.may("refund.ordered", found.organ), "may_pay": actor.may("refund.paid", found.organ),
        "may_cash": queries.own_session(actor) is not None,
        "by_gateway": found.receipt is not None and found.receipt.means == GATEWAY,
    }  # fmt: skip
    return render(request, "site/cash/order.html", context, status=422 if form is not None else 200)


def _void(actor: Actor, receipt: Receipt, reason: str) -> str:
    try:
        actions.void_receipt(actor=actor, receipt=receipt, reason=reason)
    except (actions.CannotVoid, NoSession, NotAuthorised):
        return translate(
            "Este recibo ya no se anula: es de otra caja, o su expediente se resolvió. Proceda como devolución."
        )
    return ""


def _exempt(actor: Actor, order: Order, form: Exempting) -> forms.Form:
    if not form.is_valid():
        return form
    given = form.cleaned_data
    law = {row.key: row for row in tariff.exemptions(list(order.lines.values_list("key", flat=True)), order.day)}
    proof = given["evidence"]
    try:
        actions.exempt_order(
            actor=actor, order=order, exemption=law.get(given["exemption"]), cause=given["cause"],
            evidence=actions.Evidence(proof.name[:120], proof.read()) if proof else None,
        )  # fmt: skip
    except actions.NoCause:
        form.add_error("cause", translate("Escriba la causa y adjunte el documento que la prueba."))
    except Refused as refused:
        form.add_error("evidence", refused.message)
    except UnderWay:
        form.add_error(None, translate("Hay un pago en línea en curso: espere a que se sepa si se hizo."))
    except (AlreadySettled, NotAuthorised):
        form.add_error(None, translate("Esta orden ya no está pendiente, o su puesto no le permite eximirla."))
    return form


def _refund(actor: Actor, order: Order, form: Reason) -> forms.Form:
    if form.is_valid():
        try:
            actions.order_refund(actor=actor, order=order, reason=form.cleaned_data["reason"])
        except (actions.NotRefundable, NotAuthorised):
            form.add_error(None, translate("Según el tarifario no hay nada que devolver, o ya se ordenó."))
    return form


def _pay_back(actor: Actor, order: Order, means: str, reference: str) -> forms.Form:
    form = forms.Form({})
    refund = getattr(order, "refund", None)
    try:
        if refund is None:
            raise actions.NotRefundable(str(order.pk))
        actions.pay_refund(actor=actor, refund=refund, means=means, reference=reference)
    except actions.BoxTooSmall:
        form.add_error(None, translate("Su caja no tiene tanto efectivo."))
    except (actions.NotRefundable, NoSession, NotAuthorised):
        form.add_error(None, translate("No se puede devolver de esa manera. Elija otra."))
    return form

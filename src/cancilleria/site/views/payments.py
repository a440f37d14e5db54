"""Paying on line: what is owed, the way to the gateway, and what became of it. Nothing in an address is believed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.fees import charges, simulator, tariff
from cancilleria.services.fees import queries as fees
from cancilleria.services.fees.actions import NotOnLine, start_payment
from cancilleria.services.fees.gateway import PAID, REFUSED, gateway
from cancilleria.services.fees.models import Order
from cancilleria.services.fees.rules import GATEWAY
from cancilleria.services.fees.settling import AlreadySettled
from cancilleria.site import holder
from cancilleria.site.cash_papers import receipt_pdf

CHOICES = {"pay": PAID, "refuse": REFUSED, "silent": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def pay(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """What the request owes, and the way to the gateway. A payment under way is gone on with, never begun twice."""
    order = _order(request, case)
    problem = ""
    if request.method == "POST":
        try:
            payment = start_payment(actor=CITIZEN, order=order)
        except AlreadySettled:
            return redirect("pay_result", case=case)
        except NotOnLine:
            problem = translate("Esta oficina no cobra en línea. Pague en su caja.")
        else:
            back = settings.ADDRESS + reverse("pay_result", args=[case])
            return redirect(
                gateway().start(payment.pk, amount=payment.amount, currency=payment.currency, back=back)
            )  # fmt: skip
    context = _context(order) | {"problem": problem}
    return render(request, "site/cash/pay.html", context, status=422 if problem else 200)


@require_safe
@audience(EVERYONE)
def result(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """What became of the payment: the gateway is asked, whatever the browser brought back."""
    order = _order(request, case)
    under_way = fees.under_way(order)
    if under_way is not None and allowed("pay-result", str(case), times=30, seconds=60):
        charges.ask(under_way)
    return render(request, "site/cash/result.html", _context(_order(request, case)))


@require_safe
@audience(EVERYONE)
def receipt(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The receipt on paper, for who holds number and code of the request."""
    order = _order(request, case)
    if order.receipt is None:
        raise Http404
    return receipt_pdf(order.receipt)


@csrf_exempt
@require_POST
@audience(EVERYONE)
def notice(request: HttpRequest) -> HttpResponse:
    """The gateway says that something happened. Only a notice it signed is heard, and then the gateway is asked."""
    if not charges.notice_came(request.POST.get("message", "")):
        raise Http404
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def simulator_page(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the simulated gateway: pay, refuse, or say nothing. No money moves here."""
    found = simulator.payment_of(token) if gateway().simulated else None
    if found is None:
        raise Http404
    payment, back = found
    chosen = CHOICES.get(request.POST.get("do", ""))
    if request.method == "POST" and chosen is not None:
        message = simulator.choose(payment, chosen)
        if chosen:
            charges.notice_came(message)
        return redirect(back)
    return render(request, "site/cash/simulator.html", {"payment": payment})


def _order(request: HttpRequest, case: uuid.UUID) -> Order:
    """The live order of a case whose number and code this browser showed."""
    order = fees.live_order(case) if holder.holds(request, case) else None
    if order is None:
        raise Http404
    return order


def _context(order: Order) -> dict[str, object]:
    case = Case.objects.select_related("entry", "version").get(pk=order.case_id)
    lines = list(order.lines.order_by("pk"))
    names = tariff.names_of([line.key for line in lines], order.day)
    return {
        "order": order, "case": case, "number": queries.number_of(case), "title": queries.norm_of(case.version).text("title"),
        "lines": [(names.get(line.key, line.key), line) for line in lines], "organ": name_of(order.organ),
        "under_way": fees.under_way(order), "refused": fees.refused(order), "receipt": order.receipt,
        "receipt_number": fees.number_of(order.receipt) if order.receipt else "", "simulated": gateway().simulated,
        "on_line": GATEWAY in tariff.means_of(order.organ, order.day), "owed": order.state == "pending",
    }  # fmt: skip

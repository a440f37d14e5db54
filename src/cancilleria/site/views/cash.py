"""The box: opened with its float, money taken at the window, counted blind, closed, deposited."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.fees import actions, closing, ledger, queries, tariff
from cancilleria.services.fees.boxes import POWER, NoSession
from cancilleria.services.fees.models import CLOSED, COUNTED, OPEN, CashSession, Order, Receipt
from cancilleria.services.fees.rules import NotAnAmount
from cancilleria.services.fees.settling import AlreadySettled, UnderWay
from cancilleria.site.cash_forms import Counting, Deposit, Difference, Opening, Taking
from cancilleria.site.cash_papers import MEANS_NAMES, MISMATCHES


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(POWER))
def box(request: HttpRequest) -> HttpResponse:
    """Open the box; once it is open, who comes to pay and what was taken."""
    actor, session = _actor(request), queries.own_session(_actor(request))
    if session is not None and session.state == COUNTED:
        return redirect("cash_count")
    if session is not None and request.method == "POST":
        return redirect("cash")
    if session is not None:
        return render(request, "site/cash/box.html", _box(request, actor, session))
    try:
        currency = tariff.currency_of(str(actor.organ), _today(actor))
    except tariff.NoPrice:
        return render(request, "site/cash/none.html")
    form = Opening(currency, request.POST or None)
    if request.method == "POST" and form.is_valid():
        # Pressed twice, the box is open already.
        with suppress(actions.AlreadyOpen):
            actions.open_session(actor=actor, opening=form.cleaned_data["opening"])
        return redirect("cash")
    closed = queries.sessions_for(actor).filter(state=CLOSED).order_by("-pk")[:10]
    rows = [(found, ledger.in_box(found)) for found in closed]
    context = {"form": form, "currency": currency, "rows": rows}
    return render(request, "site/cash/open.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(POWER))
def take(request: HttpRequest) -> HttpResponse:
    """Take money for one or more orders by one receipt. Pressed twice, it shows the receipt of the first."""
    actor, session = _actor(request), queries.own_session(_actor(request))
    given = request.POST if request.method == "POST" else request.GET
    orders = list(queries.orders_for(actor).filter(pk__in=_keys(given.getlist("orden"))).order_by("pk"))
    if session is None or session.state != OPEN or not orders:
        return redirect("cash")
    form = Taking(
        session.currency, tariff.means_of(session.organ, orders[0].day), request.POST if request.method == "POST" else None
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        receipt = _take(actor, orders, form)
        if receipt is not None:
            return redirect("cash_receipt", receipt=receipt.pk)
    rows = [(order, queries.case_number(order), queries.title_of(order)) for order in orders]
    context = {"form": form, "rows": rows, "session": session, "total": sum(order.total for order in orders)}
    return render(request, "site/cash/take.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(POWER))
def count(request: HttpRequest) -> HttpResponse:
    """Count the box before it says what it should hold; then close it, with the reason of a difference."""
    actor, session = _actor(request), queries.own_session(_actor(request))
    if session is None:
        return redirect("cash")
    if session.state == COUNTED and request.method == "POST" and "close" not in request.POST:
        return redirect("cash_count")  # the count was sent twice
    if session.state == COUNTED:
        return _close(request, actor, session)
    pieces = tariff.pieces_of(session.organ, session.opened_on)
    form = Counting(session.currency, pieces, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # Pressed twice, it is counted already.
        with suppress(NoSession):
            actions.count_session(actor=actor, pieces=form.pieces())
        return redirect("cash_count")
    context = {"form": form, "session": session}
    return render(request, "site/cash/count.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(POWER))
def session(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """A closed box: what was counted, and what goes to the bank."""
    actor = _actor(request)
    found = get_object_or_404(queries.sessions_for(actor), pk=session, state=CLOSED)
    form = Deposit(found.currency, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            actions.deposit_takings(
                actor=actor, session=found, seen=int(seen) if seen.isdigit() else -1, **form.cleaned_data
            )
        except actions.TooMuch:
            form.add_error("amount", translate("La caja no tiene ese importe. Mire cuánto queda y repita si procede."))
        else:
            messages.success(request, translate("El depósito quedó asentado."))
            return redirect("cash_session", session=found.pk)
    context = {"session": found, "held": ledger.in_box(found), "form": form} | _receipts(found)
    return render(request, "site/cash/session.html", context, status=422 if form.errors else 200)


def _box(request: HttpRequest, actor: Actor, session: CashSession) -> dict[str, object]:
    text = request.GET.get("buscar", "")
    orders = [(order, queries.case_number(order), queries.title_of(order)) for order in queries.pending(actor, text)]
    return {"session": session, "orders": orders, "text": text} | _receipts(session)


def _receipts(session: CashSession) -> dict[str, object]:
    given = session.receipts.select_related("entry").order_by("-pk")
    return {"receipts": [(r, queries.number_of(r), MEANS_NAMES[r.means]) for r in given]}


def _take(actor: Actor, orders: list[Order], form: Taking) -> Receipt | None:
    """The receipt, also when another press already gave it; None with what is to be mended in the form."""
    try:
        return actions.take_payment(actor=actor, orders=[order.pk for order in orders], **form.cleaned_data)
    except AlreadySettled:
        settled = Order.objects.filter(pk=orders[0].pk).select_related("receipt").first()
        if settled is not None and settled.receipt is not None:
            return settled.receipt
        form.add_error(None, translate("Esta orden ya no está pendiente. Vuelva a la caja y búsquela otra vez."))
    except UnderWay:
        form.add_error(
            None,
            translate("Hay un pago en línea en curso y no sabemos todavía si se hizo. No cobre hasta que se sepa."),
        )
    except NotAnAmount:
        form.add_error("given", translate("El efectivo no alcanza. Escriba cuánto entrega la persona."))
    except actions.NotTaken:
        form.add_error("reference", translate("Escriba el número de operación de la tarjeta o la transferencia."))
    except NoSession:
        form.add_error(None, translate("Su caja ya no está abierta. Vuelva a la caja."))
    return None


def _close(request: HttpRequest, actor: Actor, session: CashSession) -> HttpResponse:
    expected = ledger.in_box(session)
    form = Difference(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            closed = actions.close_session(actor=actor, reason=form.cleaned_data["reason"])
        except actions.NotExplained:
            form.add_error("reason", translate("Escriba por qué difiere: quedará asentado con el arqueo."))
        except NoSession:
            return redirect("cash")
        else:
            messages.success(request, translate("La caja quedó cerrada."))
            return redirect("cash_session", session=closed.pk)
    found = [(MISMATCHES[m.kind], m.number) for m in closing.mismatches(session)]
    context = {
        "form": form, "session": session, "expected": expected, "difference": (session.counted or 0) - expected,
        "mismatches": found,
    }  # fmt: skip
    return render(request, "site/cash/close.html", context, status=422 if form.errors else 200)


def _keys(texts: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError:
        raise Http404 from None


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _today(actor: Actor) -> date:
    return local_today(Organ.objects.get(pk=actor.organ))

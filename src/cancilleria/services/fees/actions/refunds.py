"""Refunds: ordered after an outcome for which the tariff gives the money back, then paid."""

from __future__ import annotations

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import boxes, closing, ledger, settling, verbs
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.models import PAID, REFUNDS, Order, Payment, Refund
from cancilleria.services.fees.rules import CASH, GATEWAY, TRANSFER


class NotRefundable(ValueError):
    """Nothing was paid, the case did not end in a way for which the tariff gives back, or it was ordered before."""


class BoxTooSmall(ValueError):
    """The box does not hold so much cash."""


@transaction.atomic
def order_refund(*, actor: Actor, order: Order, reason: str) -> Refund:
    """Order that what the tariff gives back be paid. Needs `refund.ordered` at the order's organ. Raises NotRefundable."""
    require(actor, verbs.REFUND_ORDERED.code, order.organ)
    held = Order.objects.select_for_update(of=("self",)).select_related("case").get(pk=order.pk)
    amount = closing.refundable(held)
    if not amount or not reason.strip() or Refund.objects.filter(order=held).exists():
        raise NotRefundable(str(order.pk))
    organ = Organ.objects.get(pk=held.organ)
    recorded = record(
        verbs.REFUND_ORDERED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Sum(currency=held.currency, amount=amount), private={"reason": reason.strip()},
        subjects=[f"case:{held.case_id}", f"order:{held.pk}"],
    )  # fmt: skip
    return Refund.objects.create(
        id=uuid7(), order=held, amount=amount, reason=reason.strip(), ordered_id=recorded.id
    )  # fmt: skip


@transaction.atomic
def pay_refund(*, actor: Actor, refund: Refund, means: str, reference: str = "") -> Refund:
    """Pay an ordered refund: cash out of the actor's own box, a transfer, or back through the gateway it came by.

    Needs `refund.paid`, or `desk.cash` for cash. Paid twice it stays paid once. Raises BoxTooSmall, NotRefundable.
    """
    held = Refund.objects.select_for_update().get(pk=refund.pk)
    order = Order.objects.select_related("receipt").get(pk=held.order_id)
    if means != CASH:
        require(actor, verbs.REFUND_PAID.code, order.organ)
    if held.paid_id:
        return held
    session = boxes.open_of(actor) if means == CASH else None
    if session is not None and (session.organ, session.currency) != (order.organ, order.currency):
        raise NotRefundable("another box")
    if session is not None and ledger.in_box(session) < held.amount:
        raise BoxTooSmall(str(held.amount))
    if means == GATEWAY:
        payment = Payment.objects.filter(order=order, state=PAID).first()
        if payment is None:
            raise NotRefundable("it did not come through the gateway")
        gateway().refund(payment.pk, held.amount)
    elif means not in (CASH, TRANSFER):
        raise NotRefundable(means)
    organ = Organ.objects.get(pk=order.organ)
    recorded = record(
        verbs.REFUND_PAID, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Received(currency=order.currency, amount=held.amount, means=means),
        private={"reference": reference.strip()}, subjects=[f"case:{order.case_id}", f"order:{order.pk}"],
    )  # fmt: skip
    moved = {(REFUNDS, None): held.amount, settling.place_of(means, session): -held.amount}
    ledger.post(
        entry=recorded.id, organ=organ.key, currency=order.currency, day=local_today(organ), amounts=moved
    )  # fmt: skip
    Refund.objects.filter(pk=held.pk).update(paid=recorded.id, means=means)
    held.refresh_from_db()
    return held

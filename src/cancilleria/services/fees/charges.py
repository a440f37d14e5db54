"""The kernel's door `fees`, and the asking of gateways by the worker."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.utils import timezone

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.services.fees.actions import OtherAmount, cancel_order, order_fees, resolve_payment
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.models import CANCELLED, PENDING, STARTED, Order, Payment

log = logging.getLogger("cancilleria.fees")
# A person needs a moment to pay; then the gateway is asked, ever less often.
PATIENCE = timedelta(seconds=5)


class Charges:
    """What cases ask of the fees."""

    def order(self, *, actor: Actor, case: Case) -> bool:
        order = order_fees(actor=actor, case=case)
        return order is not None and order.state == PENDING

    def owes(self, case: uuid.UUID) -> bool:
        return Order.objects.filter(case=case, state=PENDING).exists()

    def ordered(self, case: uuid.UUID) -> bool:
        return Order.objects.filter(case=case).exclude(state=CANCELLED).exists()

    def ended(self, *, actor: Actor, case: Case) -> None:
        cancel_order(actor=actor, case=case)


def ask(payment: Payment) -> Payment:
    """Ask the gateway what became of a payment, and write it. An amount that is not ours stays unknown, and is told."""
    try:
        return resolve_payment(actor=SYSTEM, payment=payment, outcome=gateway().outcome(payment.pk))
    except OtherAmount as error:
        log.critical("the gateway says another amount than was ordered: %s", error)
        return payment


def notice_came(message: str) -> bool:
    """A gateway says that something happened; whether it signed that. What happened is asked, not read."""
    reference = gateway().notified(message)
    payment = Payment.objects.filter(pk=reference).first() if reference else None
    if payment is not None:
        ask(payment)
    return payment is not None


def ask_about_due() -> int:
    """Ask about every payment whose outcome nobody knows; returns how many. The older, the less often."""
    now, asked = timezone.now(), 0
    for payment in Payment.objects.filter(state=STARTED, started_at__lt=now - PATIENCE).order_by("started_at"):
        age = now - payment.started_at
        if payment.asked_at is None or now - payment.asked_at > min(age / 4, timedelta(minutes=15)):
            ask(payment)
            asked += 1
    return asked

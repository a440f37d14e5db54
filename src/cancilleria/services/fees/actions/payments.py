"""Payments on line: started once, resolved once, by what the gateway itself says."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import settling, tariff, verbs
from cancilleria.services.fees.gateway import PAID as SAYS_PAID
from cancilleria.services.fees.gateway import REFUSED as SAYS_REFUSED
from cancilleria.services.fees.gateway import Outcome, gateway
from cancilleria.services.fees.models import PAID, PENDING, REFUSED, RETURNED, STARTED, Order, Payment
from cancilleria.services.fees.rules import GATEWAY


class NotOnLine(ValueError):
    """The organ is not paid through a gateway."""


class OtherAmount(RuntimeError):
    """The gateway says another amount than was ordered: a person has to look, and the payment stays unresolved."""


@transaction.atomic
def start_payment(*, actor: Actor, order: Order) -> Payment:
    """Begin to pay an order on line. One that is under way is given back: nobody pays twice. Raises AlreadySettled."""
    held = Order.objects.select_for_update().get(pk=order.pk)
    under_way = Payment.objects.filter(order=held, state=STARTED).first()
    if under_way is not None:
        return under_way
    if held.state != PENDING:
        raise settling.AlreadySettled(str(held.pk))
    if GATEWAY not in tariff.means_of(held.organ, held.day):
        raise NotOnLine(held.organ)
    payment_id = uuid7()
    entry = _record(verbs.PAYMENT_STARTED, actor, held, payment_id)
    return Payment.objects.create(
        id=payment_id, order=held, entry_id=entry, currency=held.currency, amount=held.total, started_at=timezone.now()
    )


@transaction.atomic
def resolve_payment(*, actor: Actor, payment: Payment, outcome: Outcome) -> Payment:
    """Write what the gateway said: a receipt when it was paid, an act when it was not, nothing while it is unknown.

    Repeated, it changes nothing. A payment of an order that was cancelled meanwhile goes back. Raises OtherAmount.
    """
    settling.lock_cases([payment.order_id])
    order = Order.objects.select_for_update(of=("self",)).select_related("case").get(pk=payment.order_id)
    held = Payment.objects.select_for_update().get(pk=payment.pk)
    state = held.state
    if state == STARTED and outcome.state == SAYS_REFUSED:
        _record(verbs.PAYMENT_REFUSED, actor, order, held.pk)
        state = REFUSED
    elif state == STARTED and outcome.state == SAYS_PAID:
        if (outcome.amount, outcome.currency) != (held.amount, held.currency):
            raise OtherAmount(f"{held.pk}: {outcome.amount} {outcome.currency}")
        state = _paid(actor, order, held)
    Payment.objects.filter(pk=held.pk).update(state=state, asked_at=timezone.now())
    held.refresh_from_db()
    return held


def _paid(actor: Actor, order: Order, payment: Payment) -> str:
    if order.state != PENDING:
        gateway().refund(payment.pk, payment.amount)
        _record(verbs.PAYMENT_RETURNED, actor, order, payment.pk)
        return RETURNED
    settling.give_receipt(actor=actor, orders=[order], means=GATEWAY, reference=str(payment.pk))
    return PAID


def _record(verb: verbs.Verb, actor: Actor, order: Order, payment: uuid.UUID) -> uuid.UUID:
    organ = Organ.objects.get(pk=order.organ)
    facts = verbs.Attempt(gateway=gateway().key, currency=order.currency, amount=order.total)
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
        subjects=[f"case:{order.case_id}", f"payment:{payment}"],
    ).id  # fmt: skip

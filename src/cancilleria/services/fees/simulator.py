"""A simulated gateway: no bank, no money. It stands behind the same door as a real one and says on every page what it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core import signing

from cancilleria.services.fees.gateway import PAID, REFUSED, UNKNOWN, Outcome
from cancilleria.services.fees.models import SimulatedPayment

SALT, NOTICE = "fees.simulator", "fees.simulator.notice"


class Simulator:
    """`address` makes the address of its page from a signed reference."""

    key = "simulator"
    simulated = True

    def __init__(self, address: Callable[[str], str]) -> None:
        self._address = address

    def start(self, reference: uuid.UUID, *, amount: int, currency: str, back: str) -> str:
        given = {"amount": amount, "currency": currency}
        SimulatedPayment.objects.get_or_create(reference=reference, defaults=given)
        return self._address(signing.dumps([str(reference), back], salt=SALT))

    def outcome(self, reference: uuid.UUID) -> Outcome:
        found = SimulatedPayment.objects.filter(pk=reference).first()
        if found is None or found.outcome not in (PAID, REFUSED):
            return Outcome(UNKNOWN)
        return Outcome(found.outcome, found.amount, found.currency)

    def refund(self, reference: uuid.UUID, amount: int) -> None:
        SimulatedPayment.objects.filter(pk=reference, amount__gte=amount).update(refunded=True)

    def notified(self, message: str) -> uuid.UUID | None:
        found = _read(message, NOTICE)
        return uuid.UUID(found[0]) if found else None


def payment_of(token: str) -> tuple[SimulatedPayment, str] | None:
    """The payment of a signed address, and where to go back to."""
    found = _read(token, SALT)
    payment = SimulatedPayment.objects.filter(pk=found[0]).first() if found else None
    return (payment, found[1]) if payment and found else None


def choose(payment: SimulatedPayment, outcome: str) -> str:
    """What the person chose on the simulator's page; returns the notice it would send. A payment done stays done."""
    SimulatedPayment.objects.filter(pk=payment.pk).exclude(outcome__in=[PAID, REFUSED]).update(outcome=outcome)
    return signing.dumps([str(payment.pk)], salt=NOTICE)


def _read(message: str, salt: str) -> list[str] | None:
    try:
        return [str(part) for part in signing.loads(message, salt=salt)]
    except signing.BadSignature:
        return None

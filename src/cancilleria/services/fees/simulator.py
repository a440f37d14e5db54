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

    def start(self, reference: uuid.UUID, *, amount: int, currency: str) -> str:
        given = {"amount": amount, "currency": currency}
        SimulatedPayment.objects.get_or_create(reference=reference, defaults=given)
        return self._address(signing.dumps(str(reference), salt=SALT))

    def outcome(self, reference: uuid.UUID) -> Outcome:
        found = SimulatedPayment.objects.filter(pk=reference).first()
        if found is None or found.outcome not in (PAID, REFUSED):
            return Outcome(UNKNOWN)
        return Outcome(found.outcome, found.amount, found.currency)

    def refund(self, reference: uuid.UUID, amount: int) -> None:
        SimulatedPayment.objects.filter(pk=reference, amount__gte=amount).update(refunded=True)

    def notified(self, message: str) -> uuid.UUID | None:
        return _read(message, NOTICE)


def payment_of(token: str) -> SimulatedPayment | None:
    """The payment of a signed address."""
    reference = _read(token, SALT)
    return SimulatedPayment.objects.filter(pk=reference).first() if reference else None


def choose(payment: SimulatedPayment, outcome: str) -> str:
    """What the person chose on the simulator's page; returns the notice it would send. A payment done stays done."""
    SimulatedPayment.objects.filter(pk=payment.pk).exclude(outcome__in=[PAID, REFUSED]).update(outcome=outcome)
    return signing.dumps(str(payment.pk), salt=NOTICE)


def _read(message: str, salt: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(signing.loads(message, salt=salt))
    except (signing.BadSignature, ValueError, TypeError):
        return None

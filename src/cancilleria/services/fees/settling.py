"""Settling orders under their rows' locks: the numbered receipt, what the figures count, and the ledger. Only actions call this."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from uuid_utils.compat import uuid7

from cancilleria.kernel.cases.actions import settle_fee
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import ledger, verbs
from cancilleria.services.fees.models import (
    BANK,
    BOX,
    CARDS,
    INCOME,
    PENDING,
    SETTLED,
    STARTED,
    TRANSIT,
    CashSession,
    Exemption,
    Order,
    Payment,
    Receipt,
    ReceiptLine,
)
from cancilleria.services.fees.rules import CARD, CASH, GATEWAY, NONE, TRANSFER

# Where money comes to rest, by means.
PLACES: Mapping[str, str] = {CASH: BOX, CARD: CARDS, TRANSFER: BANK, GATEWAY: TRANSIT}


class AlreadySettled(ValueError):
    """An order was paid, exempted or cancelled before, or orders of two organs were put together."""


class UnderWay(ValueError):
    """A payment through the gateway is under way for an order: nobody takes money for it until its outcome is known."""


def place_of(means: str, session: CashSession | None) -> ledger.Place:
    return PLACES[means], session if means == CASH else None


def lock_cases(orders: Sequence[uuid.UUID]) -> None:
    """Lock the cases before their orders, as every act of a case does: two acts never wait for one another."""
    cases = Order.objects.filter(pk__in=orders).values("case")
    list(Case.objects.select_for_update().filter(pk__in=cases).order_by("pk").values_list("pk"))


def locked(orders: Sequence[uuid.UUID], *, through: str) -> list[Order]:
    """Pending orders of one organ, locked in one order. Raises AlreadySettled, UnderWay."""
    lock_cases(orders)
    found = list(Order.objects.select_for_update().filter(pk__in=orders).order_by("pk"))
    whole = found and len(found) == len(set(orders)) and len({(o.organ, o.currency) for o in found}) == 1
    if not whole or any(order.state != PENDING for order in found):
        raise AlreadySettled(", ".join(map(str, orders)))
    if through != GATEWAY and Payment.objects.filter(order__in=found, state=STARTED).exists():
        raise UnderWay(", ".join(map(str, orders)))
    return found


def give_receipt(
    *, actor: Actor, orders: Sequence[Order], means: str, session: CashSession | None = None,
    exemption: Exemption | None = None, private: Mapping[str, object] | None = None, documents: Sequence[str] = (),
    **columns: Any,
) -> Receipt:  # fmt: skip
    """Settle locked orders by one receipt, and let their cases go on. A receipt of means NONE is of zero."""
    organ, receipt_id = Organ.objects.get(pk=orders[0].organ), uuid7()
    currency, day = orders[0].currency, local_today(organ)
    amount = 0 if means == NONE else sum(order.total for order in orders)
    verb = verbs.FEE_EXEMPTED if means == NONE else verbs.FEE_RECEIVED
    facts = verbs.Received(
        currency=currency, amount=amount, means=means,
        exemption=(exemption.key if exemption else "officer") if means == NONE else None,
    )  # fmt: skip
    recorded = record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, private=private, documents=documents,
        subjects=[f"receipt:{receipt_id}", *(f"case:{order.case_id}" for order in orders)],
    )  # fmt: skip
    receipt = Receipt.objects.create(
        id=receipt_id, entry_id=recorded.id, organ=organ.key, day=day, currency=currency, total=amount, means=means,
        session=session, exemption=exemption, **columns,
    )  # fmt: skip
    _collect(actor, organ, receipt, orders)
    if amount:
        moved = {place_of(means, session): amount, (INCOME, None): -amount}
        ledger.post(entry=recorded.id, organ=organ.key, currency=currency, day=day, amounts=moved)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(state=SETTLED, receipt=receipt)
    for order in orders:
        settle_fee(actor=actor, case=order.case)
    return receipt


def _collect(actor: Actor, organ: Organ, receipt: Receipt, orders: Sequence[Order]) -> None:
    """A line of the receipt for each fee; an entry for each that was paid."""
    for line in (line for order in orders for line in order.lines.order_by("pk")):
        entry = None
        if receipt.means != NONE and line.amount:
            facts = verbs.Collected(line=line.key, currency=receipt.currency, amount=line.amount, means=receipt.means)
            entry = record(
                verbs.FEE_COLLECTED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
                subjects=[f"receipt:{receipt.pk}"],
            ).id  # fmt: skip
        amount = 0 if receipt.means == NONE else line.amount
        ReceiptLine.objects.create(receipt=receipt, line=line, amount=amount, entry_id=entry)

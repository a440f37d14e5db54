"""Receipts: taken at the window, exempted by law or by a named officer, voided in the same session."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cancilleria.kernel.cases.actions import await_fee
from cancilleria.kernel.cases.rules import RUNNING
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import ANNULS
from cancilleria.services.fees import boxes, ledger, settling, tariff, verbs
from cancilleria.services.fees.models import PENDING, Exemption, Movement, Order, Receipt
from cancilleria.services.fees.rules import CARD, CASH, MEANS, NONE, TRANSFER, change


class NotTaken(ValueError):
    """The organ is not paid by this means, or a card or transfer came without its reference."""


class CannotVoid(ValueError):
    """The receipt is of another session or voided already, or a case it paid was decided: then it is a refund."""


class NoCause(ValueError):
    """An exemption needs the law's row, or a cause with the document that proves it."""


@dataclass(frozen=True)
class Evidence:
    """The document that proves the cause of an exemption."""

    title: str
    data: bytes


@transaction.atomic
def take_payment(
    *, actor: Actor, orders: Sequence[uuid.UUID], means: str, given: int | None = None, reference: str = ""
) -> Receipt:
    """Take money at the window for one or more orders, by one receipt; needs the actor's own open session.

    Raises NotTaken, NotAnAmount when the cash is not enough, AlreadySettled, UnderWay, NoSession.
    """
    session = boxes.open_of(actor)
    held = settling.locked(orders, through=means)
    if means not in (CASH, CARD, TRANSFER) or means not in tariff.means_of(session.organ, held[0].day):
        raise NotTaken(means)
    if means != CASH and not reference.strip():
        raise NotTaken(f"{means} without reference")
    if (held[0].organ, held[0].currency) != (session.organ, session.currency):
        raise settling.AlreadySettled("orders of another box")
    due = sum(order.total for order in held)
    if means == CASH:
        change(due, given or 0)
    return settling.give_receipt(
        actor=actor, orders=held, means=means, session=session, given=given if means == CASH else None,
        reference=reference.strip(),
    )  # fmt: skip


@transaction.atomic
def exempt_order(
    *, actor: Actor, order: Order, exemption: Exemption | None = None, cause: str = "", evidence: Evidence | None = None
) -> Receipt:
    """Let a case go on without paying: by a row of the law, or by a cause an officer signs for, with its evidence.

    The receipt of zero takes its number. Needs `fee.exempted` at the order's organ. Raises NoCause, AlreadySettled, UnderWay.
    """
    require(actor, verbs.FEE_EXEMPTED.code, order.organ)
    held = settling.locked([order.pk], through=NONE)
    keys = list(order.lines.values_list("key", flat=True))
    by_law = exemption is not None and exemption in tariff.exemptions(keys, order.day)
    if not by_law and (exemption is not None or not cause.strip() or evidence is None):
        raise NoCause(cause)
    document = take_in(evidence.data, title=evidence.title) if evidence else None
    version = latest(document) if document else None
    return settling.give_receipt(
        actor=actor, orders=held, means=NONE, exemption=exemption, cause=cause.strip(), evidence=document,
        private={"cause": cause.strip()}, documents=[version.blob_id] if version else [],
    )  # fmt: skip


@transaction.atomic
def void_receipt(*, actor: Actor, receipt: Receipt, reason: str) -> Receipt:
    """Annul a receipt of the actor's own open session: its number stays, the money goes back, the case waits again.

    Raises CannotVoid.
    """
    session = boxes.open_of(actor)
    settling.lock_cases(list(receipt.orders.values_list("pk", flat=True)))
    held = Receipt.objects.select_for_update().get(pk=receipt.pk)
    orders = list(
        Order.objects.select_for_update(of=("self",)).filter(receipt=held).select_related("case").order_by("pk")
    )
    if held.session_id != session.pk or held.voided_id or not reason.strip() or held.means not in MEANS:
        raise CannotVoid(str(receipt.pk))
    if any(order.case.state not in RUNNING for order in orders):
        raise CannotVoid("a case it paid was decided")
    organ = Organ.objects.get(pk=held.organ)
    recorded = record(
        verbs.FEE_VOIDED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Sum(currency=held.currency, amount=held.total), private={"reason": reason},
        subjects=[f"receipt:{held.pk}", *(f"case:{order.case_id}" for order in orders)], relation=(ANNULS, held.entry_id),
    )  # fmt: skip
    for line in held.lines.exclude(entry=None).select_related("line"):
        facts = verbs.Collected(line=line.line.key, currency=held.currency, amount=line.amount, means=held.means)
        record(
            verbs.FEE_UNCOLLECTED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
            subjects=[f"receipt:{held.pk}"], relation=(ANNULS, line.entry_id),
        )  # fmt: skip
    ledger.reverse(Movement.objects.get(entry=held.entry_id), entry=recorded.id, day=local_today(organ))
    Receipt.objects.filter(pk=held.pk).update(voided=recorded.id, cause=reason)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(state=PENDING, receipt=None)
    for order in orders:
        await_fee(actor=actor, case=order.case)
    held.refresh_from_db()
    return held

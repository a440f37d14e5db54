"""Orders of payment: what a request owes by its norm, at the price of the day it was filed."""

from __future__ import annotations

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import settling, tariff, verbs
from cancilleria.services.fees.models import CANCELLED, PENDING, Order, OrderLine
from cancilleria.services.fees.rules import NONE, total


@transaction.atomic
def order_fees(*, actor: Actor, case: Case) -> Order | None:
    """Order what the case owes; None when its norm asks for nothing, or its organ collects nothing. Raises NoPrice.

    A request that the law exempts by what it answers, or by the way it came, gets its receipt of zero at once.
    """
    keys = cases.norm_of(case.version).fees
    if not keys or case.appeals_id is not None:
        return None
    organ = Organ.objects.get(pk=case.organ)
    day = local_today(organ)
    if not tariff.means_of(organ.key, day):
        return None
    priced = tariff.price(keys, organ=organ.key, on=day)
    amount, currency, order_id = total(priced), priced[0].currency, uuid7()
    recorded = record(
        verbs.FEE_ORDERED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Ordered(procedure=case.procedure, currency=currency, amount=amount),
        subjects=[f"case:{case.pk}", f"order:{order_id}"],
    )  # fmt: skip
    order = Order.objects.create(
        id=order_id, case=case, entry_id=recorded.id, organ=organ.key, currency=currency, total=amount, day=day
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, key=p.key, unit=p.unit, unit_amount=p.unit_amount, amount=p.amount, factor=p.factor,
            legal_basis=p.legal_basis,
        )
        for p in priced
    )  # fmt: skip
    # The way it came by counts as an answer: what an entity sends in a batch may settle by its agreement.
    exemption = tariff.exemption_by_answers(keys, {**case.answers, "channel": case.channel}, day)
    if exemption is not None:
        settling.give_receipt(actor=actor, orders=[order], means=NONE, exemption=exemption)
        order.refresh_from_db()
    return order


@transaction.atomic
def cancel_order(*, actor: Actor, case: Case) -> None:
    """The case ended: what it still owed is owed no more. Nothing is recorded when it owed nothing."""
    order = Order.objects.select_for_update().filter(case=case, state=PENDING).first()
    if order is None:
        return
    organ = Organ.objects.get(pk=order.organ)
    record(
        verbs.FEE_CANCELLED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Sum(currency=order.currency, amount=order.total),
        subjects=[f"case:{case.pk}", f"order:{order.pk}"],
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(state=CANCELLED)

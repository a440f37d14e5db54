"""Reads of orders, payments and receipts. Orders and boxes of other organs are not found."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from cancilleria.kernel.cases.queries import NUMBER, format_number, norm_of
from cancilleria.kernel.cases.queries import number_of as number_of_case
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.people.rules import fold
from cancilleria.services.fees.boxes import POWER
from cancilleria.services.fees.models import (
    CANCELLED,
    CLOSED,
    PENDING,
    REFUSED,
    STARTED,
    CashSession,
    Order,
    Payment,
    Receipt,
)
from cancilleria.services.fees.verbs import CASH_RELIEVED

READS = "desk.money"
MOST = 20


def live_order(case: uuid.UUID) -> Order | None:
    """The order of a case that is to be paid or was."""
    found = Order.objects.filter(case=case).exclude(state=CANCELLED)
    return found.select_related("receipt__entry", "case").first()


def under_way(order: Order) -> Payment | None:
    """The payment whose outcome nobody knows yet."""
    return Payment.objects.filter(order=order, state=STARTED).first()


def refused(order: Order) -> bool:
    """Whether the last try to pay on line was refused."""
    last = Payment.objects.filter(order=order).order_by("-started_at").first()
    return last is not None and last.state == REFUSED


def orders_for(viewer: Viewer) -> QuerySet[Order]:
    """Orders of the viewer's own organ."""
    found = Order.objects.select_related("case__entry", "case__applicant", "case__version", "receipt__entry")
    return found.filter(organ=viewer.organ) if viewer.may(POWER) or viewer.may(READS) else found.none()


def pending(viewer: Viewer, text: str = "") -> list[Order]:
    """Orders to be paid at the viewer's organ, the newest first: of a case's number, or of who asked."""
    found = orders_for(viewer).filter(state=PENDING).order_by("-pk")
    number = NUMBER.fullmatch(text.strip().upper())
    if number:
        found = found.filter(case__entry__year=int(number[1]), case__entry__number=int(number[3]))
    elif text.strip().isdigit():
        found = found.filter(case__entry__number=int(text))
    elif text.strip():
        found = found.filter(Q(case__applicant__folded_name__contains=fold(text)))
    return list(found[:MOST])


def receipts_for(viewer: Viewer) -> QuerySet[Receipt]:
    """Receipts of the viewer's own organ."""
    found = Receipt.objects.select_related("entry", "session", "exemption")
    return found.filter(organ=viewer.organ) if viewer.may(POWER) or viewer.may(READS) else found.none()


def sessions_for(viewer: Viewer) -> QuerySet[CashSession]:
    """Boxes of the viewer's own organ."""
    found = CashSession.objects.select_related("opened", "closed")
    return found.filter(organ=viewer.organ) if viewer.may(POWER) or viewer.may(READS) else found.none()


def own_session(viewer: Viewer) -> CashSession | None:
    """The viewer's box that is not closed."""
    return CashSession.objects.filter(officer=viewer.key, organ=viewer.organ).exclude(state=CLOSED).first()


def boxes_to_relieve(viewer: Viewer) -> QuerySet[CashSession]:
    """Boxes of others at the viewer's own organ that are not closed, for who may pass them on."""
    found = CashSession.objects.filter(organ=viewer.organ).exclude(state=CLOSED).exclude(officer=viewer.key)
    return found.order_by("pk") if viewer.may(CASH_RELIEVED.code) else found.none()


def number_of(receipt: Receipt) -> str:
    """`2026-LIM-000123`: year, code of the organ, number in its book of receipts."""
    return format_number(receipt.entry.organ, receipt.entry.year, receipt.entry.number)


def orders_of(receipt: Receipt) -> list[Order]:
    """The orders a receipt covers, or covered before it was voided."""
    found = Order.objects.filter(lines__receiptline__receipt=receipt).distinct()
    return list(found.select_related("case__entry", "case__version").order_by("pk"))


def case_number(order: Order) -> str:
    return number_of_case(order.case)


def title_of(order: Order) -> str:
    """What was asked for, in the reader's language."""
    return norm_of(order.case.version).text("title")

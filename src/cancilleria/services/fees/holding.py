"""What the box keeps about a case: what was paid stays, because accounts must add up; what was written about somebody goes."""

from __future__ import annotations

from collections.abc import Iterable

from cancilleria.kernel.cases.traces import Matter, Rows, Trace
from cancilleria.kernel.documents.models import Document
from cancilleria.services.fees.models import Order, Receipt, Refund


def tell(matter: Matter) -> Rows:
    orders = Order.objects.filter(case__in=matter.cases).select_related("receipt").order_by("day")
    return [
        {
            "day": order.day, "total": order.total, "currency": order.currency, "state": order.state,
            "means": order.receipt.means if order.receipt else "", "cause": order.receipt.cause if order.receipt else "",
            "reference": order.receipt.reference if order.receipt else "",
        }
        for order in orders
    ]  # fmt: skip


def erase(matter: Matter) -> int:
    """Why somebody was exempted, why money was given back, and the reference of their card or transfer."""
    receipts = Receipt.objects.filter(orders__case__in=matter.cases).exclude(cause="", reference="")
    rows = Receipt.objects.filter(pk__in=list(receipts.values_list("pk", flat=True))).update(cause="", reference="")
    return rows + Refund.objects.filter(order__case__in=matter.cases).exclude(reason="").update(reason="")


def files(matter: Matter) -> Iterable[Document]:
    receipts = Receipt.objects.filter(orders__case__in=matter.cases, evidence__isnull=False)
    return Document.objects.filter(pk__in=receipts.values("evidence"))


TRACE = Trace(tell, erase, files)

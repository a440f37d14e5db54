"""Where acts, receipts and money meet: what does not match at the closing of a box, and acts that left no receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import AWAITING_PAYMENT, FAVOURABLE
from cancilleria.services.fees import tariff, verbs
from cancilleria.services.fees.models import BOX, SETTLED, CashSession, Line, Order, Receipt, TariffLine
from cancilleria.services.fees.queries import number_of
from cancilleria.services.fees.rules import CASH

RECEIPT_WITHOUT_ENTRY, SUM_DIFFERS, CASE_WAITS, ACT_WITHOUT_RECEIPT = (
    "receipt_without_entry", "sum_differs", "case_waits", "act_without_receipt",
)  # fmt: skip


@dataclass(frozen=True)
class Mismatch:
    """What does not match, and the number of the receipt or case."""

    kind: str
    number: str


def mismatches(session: CashSession) -> list[Mismatch]:
    """Receipts, entries, cases and money of a session that do not meet, and acts of its day that left no receipt."""
    found = [*_receipts(session), *_money(session)]
    acts = without_receipt(session.organ, session.opened_on, session.opened_on)
    return [*found, *(Mismatch(ACT_WITHOUT_RECEIPT, cases.number_of(case)) for case in acts)]


def without_receipt(organ: str, first: date, last: date) -> list[Case]:
    """Requests granted from one day to another whose norm asks for a fee, and that no receipt covers."""
    granted = (
        Case.objects.filter(organ=organ, outcome__in=FAVOURABLE, notified_on__range=(first, last), appeals=None)
        .exclude(fee_orders__state=SETTLED)
        .select_related("version", "entry")
        .order_by("filed_at")
    )
    return [case for case in granted if cases.norm_of(case.version).fees]


def expected(session: CashSession) -> int:
    """What cash the receipts of a session and its float come to; the ledger must say the same before anything is paid back."""
    taken = session.receipts.filter(means=CASH, voided=None).aggregate(taken=Sum("total"))["taken"] or 0
    return session.opening + int(taken)


def _receipts(session: CashSession) -> Iterator[Mismatch]:
    given = Receipt.objects.filter(session=session).select_related("entry").prefetch_related("orders__case", "lines")
    for receipt in given:
        number = number_of(receipt)
        if receipt.entry.facts.get("amount") != receipt.total or receipt.entry.verb != verbs.FEE_RECEIVED.code:
            yield Mismatch(RECEIPT_WITHOUT_ENTRY, number)
        if receipt.total != sum(line.amount for line in receipt.lines.all()) or not _moved(receipt):
            yield Mismatch(SUM_DIFFERS, number)
        if any(order.case.state == AWAITING_PAYMENT for order in receipt.orders.all()):
            yield Mismatch(CASE_WAITS, number)


def _moved(receipt: Receipt) -> bool:
    """Whether the ledger has what the receipt says."""
    into = Line.objects.filter(movement__entry=receipt.entry_id, amount__gt=0).aggregate(sum=Sum("amount"))["sum"]
    return int(into or 0) == receipt.total


def _money(session: CashSession) -> Iterator[Mismatch]:
    """The box before differences are posted: float and cash receipts, less what was paid back."""
    lines = Line.objects.filter(account__kind=BOX, account__session=session)
    by_verb = {
        verb: int(total or 0)
        for verb, total in lines.values_list("movement__entry__verb").annotate(total=Sum("amount")).order_by()
    }
    taken = by_verb.get(verbs.FEE_RECEIVED.code, 0) + by_verb.get(verbs.FEE_VOIDED.code, 0)
    if session.opening + taken != expected(session):
        yield Mismatch(SUM_DIFFERS, str(session.opened_on))


def refundable(order: Order) -> int:
    """What the tariff of the order's day gives back after the outcome of its case."""
    if order.state != SETTLED or order.receipt is None or not order.receipt.total or not order.case.outcome:
        return 0
    lines = {line.key: line.amount for line in order.lines.all()}
    rows = tariff.in_force(TariffLine.objects.filter(key__in=list(lines)), order.day)
    return sum(lines[row.key] for row in rows if order.case.outcome in row.refundable)

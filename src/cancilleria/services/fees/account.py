"""The account of a month: what an organ held, took, voided, gave back, deposited, and holds; and what left no receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from cancilleria.kernel.cases.models import Case
from cancilleria.services.fees import closing, verbs
from cancilleria.services.fees.models import BANK, BOX, CARDS, FLOAT, TRANSIT, CashSession, Line, Receipt, ReceiptLine
from cancilleria.services.fees.rules import NONE

# What an organ holds. The float it handed out stands against its boxes.
HOLDINGS = (BOX, FLOAT, BANK, CARDS, TRANSIT)


@dataclass(frozen=True)
class MonthAccount:
    """Amounts in minor units of `currency`. Opening and what moved come to closing, or the account is wrong."""

    organ: str
    currency: str
    first: date
    last: date
    opening: int
    closing: int
    collected: int
    voided: int
    refunded: int
    deposited: int
    differences: int
    lines: tuple[tuple[str, str, int, int], ...]
    held: tuple[tuple[str, int], ...]
    exempt: tuple[Receipt, ...]
    voids: tuple[Receipt, ...]
    sessions: tuple[CashSession, ...]
    without: tuple[Case, ...]

    @property
    def balances(self) -> bool:
        moved = self.collected - self.voided - self.refunded + self.differences
        return self.opening + moved == self.closing


def month_account(organ: str, currency: str, month: date) -> MonthAccount:
    """The account of a month of an organ in a currency."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    receipts = Receipt.objects.filter(organ=organ, currency=currency, day__range=(first, last)).select_related(
        "entry", "exemption", "voided"
    )
    moved = _moved(organ, currency, first, last)
    return MonthAccount(
        organ, currency, first, last, _held(organ, currency, before=first), _held(organ, currency, before=after),
        collected=moved.get(verbs.FEE_RECEIVED.code, 0), voided=-moved.get(verbs.FEE_VOIDED.code, 0),
        refunded=-moved.get(verbs.REFUND_PAID.code, 0), differences=moved.get(verbs.CASH_DIFFERED.code, 0),
        deposited=_deposited(organ, currency, first, last), lines=_lines(organ, currency, first, last),
        held=tuple((kind, _held(organ, currency, before=after, kinds=(kind,))) for kind in HOLDINGS),
        exempt=tuple(receipts.filter(means=NONE).order_by("entry__number")),
        voids=tuple(receipts.exclude(voided=None).order_by("entry__number")),
        sessions=tuple(CashSession.objects.filter(organ=organ, currency=currency, opened_on__range=(first, last)).order_by("pk")),
        without=tuple(closing.without_receipt(organ, first, last)),
    )  # fmt: skip


def _held(organ: str, currency: str, *, before: date, kinds: tuple[str, ...] = HOLDINGS) -> int:
    found = Line.objects.filter(
        account__organ=organ, account__currency=currency, account__kind__in=kinds, movement__day__lt=before
    )
    return int(found.aggregate(sum=Sum("amount"))["sum"] or 0)


def _moved(organ: str, currency: str, first: date, last: date) -> dict[str, int]:
    """What each kind of act added to what the organ holds."""
    found = Line.objects.filter(
        account__organ=organ, account__currency=currency, account__kind__in=HOLDINGS, movement__day__range=(first, last)
    )
    rows = found.values_list("movement__entry__verb").annotate(sum=Sum("amount")).order_by()
    return {verb: int(total or 0) for verb, total in rows}


def _deposited(organ: str, currency: str, first: date, last: date) -> int:
    found = Line.objects.filter(
        account__organ=organ, account__currency=currency, account__kind=BANK, movement__day__range=(first, last),
        movement__entry__verb=verbs.CASH_DEPOSITED.code,
    )  # fmt: skip
    return int(found.aggregate(sum=Sum("amount"))["sum"] or 0)


def _lines(organ: str, currency: str, first: date, last: date) -> tuple[tuple[str, str, int, int], ...]:
    """Line of the tariff, means, how many and how much; voided ones among them, as they are taken away apart."""
    found = ReceiptLine.objects.filter(
        receipt__organ=organ, receipt__currency=currency, receipt__day__range=(first, last), amount__gt=0
    )
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for key, means, amount in found.values_list("line__key", "receipt__means", "amount"):
        n, total = counted.get((key, means), (0, 0))
        counted[key, means] = n + 1, total + amount
    return tuple((key, means, n, total) for (key, means), (n, total) in sorted(counted.items()))

"""Tables of money. Amounts are whole minor units. What the database itself refuses is in constraints and in `0002_law`."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.organs.models import DateRange
from cancilleria.kernel.register.models import Entry
from cancilleria.services.fees.rules import MEANS, NONE, ROUNDING

PENDING, SETTLED, CANCELLED = "pending", "settled", "cancelled"
OPEN, COUNTED, CLOSED = "open", "counted", "closed"
STARTED, PAID, REFUSED, RETURNED = "started", "paid", "refused", "returned"
BOX, BANK, CARDS, TRANSIT, INCOME, REFUNDS, DIFFERENCES, FLOAT = (
    "cash", "bank", "cards", "gateway", "income", "refunds", "differences", "float",
)  # fmt: skip
KINDS = (BOX, BANK, CARDS, TRANSIT, INCOME, REFUNDS, DIFFERENCES, FLOAT)


def _one_at_a_time(name: str, *columns: str) -> ExclusionConstraint:
    """No two rows with the same columns in force on the same day."""
    days = (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[days, *((c, RangeOperators.EQUAL) for c in columns)])


class Dated(models.Model):
    """A row of the tariff: in force from a day, closed and never deleted."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        abstract = True


class TariffLine(Dated):
    """What something costs, in its unit, by which law; `refundable` are the outcomes after which it is given back."""

    key = models.TextField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    refundable = ArrayField(models.TextField(), default=list)
    name_es = models.TextField()
    name_en = models.TextField()
    legal_basis = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="tariff_amount_whole"),
            _one_at_a_time("tariff_one_price", "key"),
        ]


class Rate(Dated):
    """How an organ turns a unit into its currency."""

    organ = models.TextField()
    unit = models.TextField()
    currency = models.CharField(max_length=3)
    factor = models.DecimalField(max_digits=18, decimal_places=8)
    rounding = models.TextField()
    step = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(factor__gt=0, step__gt=0), name="rate_positive"),
            models.CheckConstraint(condition=Q(rounding__in=list(ROUNDING)), name="rate_rounding_known"),
            _one_at_a_time("rate_one_factor", "organ", "unit", "currency"),
        ]


class Means(Dated):
    """By what an organ may be paid, and in which currency."""

    organ = models.TextField()
    means = models.TextField()
    currency = models.CharField(max_length=3)
    # Coins and notes, for the count of cash; minor units.
    pieces = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(means__in=MEANS), name="means_known"),
            _one_at_a_time("means_once", "organ", "means"),
        ]


class Exemption(Dated):
    """Who pays nothing by law. With `field` and `value` it applies by itself to requests that answer so."""

    key = models.TextField()
    lines = ArrayField(models.TextField())
    field = models.TextField(blank=True)
    value = models.TextField(blank=True)
    name_es = models.TextField()
    name_en = models.TextField()
    legal_basis = models.TextField()

    class Meta:
        constraints = [_one_at_a_time("exemption_once", "key")]


class CashSession(models.Model):
    """A cashier's turn at an organ's box: opened with a float, counted without seeing what was expected, closed.

    `count` holds pieces by denomination; `difference` is counted less expected.
    """

    id = models.UUIDField(primary_key=True)
    organ = models.TextField()
    currency = models.CharField(max_length=3)
    officer = models.TextField(help_text="posting of the cashier")
    state = models.TextField(default=OPEN)
    opening = models.BigIntegerField(help_text="the float")
    count = models.JSONField(null=True)
    counted = models.BigIntegerField(null=True)
    difference = models.BigIntegerField(null=True)
    opened = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    closed = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[OPEN, COUNTED, CLOSED]), name="session_state_known"),
            models.CheckConstraint(condition=Q(opening__gte=0), name="session_float_whole"),
            models.CheckConstraint(
                condition=Q(state=OPEN, counted=None) | (~Q(state=OPEN) & Q(counted__gte=0)), name="session_counted"
            ),
            models.CheckConstraint(
                condition=Q(state=CLOSED, closed__isnull=False, difference__isnull=False)
                | (~Q(state=CLOSED) & Q(closed=None, difference=None)),
                name="session_closed_whole",
            ),
            models.UniqueConstraint(fields=["officer"], condition=~Q(state=CLOSED), name="session_one_open"),
        ]


class Account(models.Model):
    """An account of an organ in a currency; a box belongs to the session that fills it."""

    organ = models.TextField()
    currency = models.CharField(max_length=3)
    kind = models.TextField()
    session = models.ForeignKey(CashSession, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="account_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=BOX, session__isnull=False) | (~Q(kind=BOX) & Q(session=None)),
                name="account_of_session",
            ),
            models.UniqueConstraint(
                fields=["organ", "currency", "kind", "session"], name="account_once", nulls_distinct=False
            ),
        ]


class Movement(models.Model):
    """Money that moved, by one act. Never changed: what was wrong is reversed by another."""

    id = models.UUIDField(primary_key=True)
    organ = models.TextField()
    day = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="movement")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")

    class Meta:
        indexes = [models.Index(fields=["organ", "day"], name="movement_of_month")]


class Line(models.Model):
    """What a movement adds to an account (above zero) or takes from it. The lines of a movement come to nothing."""

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="line_not_nothing")]


class Receipt(models.Model):
    """A numbered receipt: of one or more orders, of zero when they are exempt. `voided` is the entry that annuls it."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="fee_receipt")
    organ = models.TextField()
    day = models.DateField()
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()
    means = models.TextField()
    given = models.BigIntegerField(null=True, help_text="cash handed over, to tell the change")
    reference = models.TextField(blank=True, help_text="of the card's voucher, the transfer or the gateway")
    session = models.ForeignKey(CashSession, models.PROTECT, null=True, related_name="receipts")
    exemption = models.ForeignKey(Exemption, models.PROTECT, null=True)
    cause = models.TextField(blank=True)
    evidence = models.ForeignKey(Document, models.PROTECT, null=True)
    voided = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(means__in=[*MEANS, NONE]), name="receipt_means_known"),
            models.CheckConstraint(
                condition=Q(means=NONE, total=0) | (~Q(means=NONE) & Q(total__gt=0)), name="receipt_of_zero_is_exempt"
            ),
            models.CheckConstraint(
                condition=~Q(means="cash") | Q(session__isnull=False), name="receipt_cash_in_session"
            ),
        ]
        indexes = [models.Index(fields=["organ", "day"], name="receipt_of_month")]


class Order(models.Model):
    """What a case owes, at the price of the day it was ordered; `receipt` is the one that settles it."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="fee_orders")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="fee_order")
    organ = models.TextField()
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()
    day = models.DateField()
    state = models.TextField(default=PENDING)
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="orders")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SETTLED, receipt__isnull=False) | Q(state__in=[PENDING, CANCELLED], receipt=None),
                name="order_settled_by_receipt",
            ),
            models.UniqueConstraint(fields=["case"], condition=~Q(state=CANCELLED), name="order_one_live"),
        ]


class OrderLine(models.Model):
    """One fee of an order, with the price and the factor it was computed by."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    key = models.TextField()
    unit = models.TextField()
    unit_amount = models.BigIntegerField()
    amount = models.BigIntegerField()
    factor = models.TextField()
    legal_basis = models.TextField()


class ReceiptLine(models.Model):
    """One fee of a receipt; it stays when the receipt is voided. `entry` is what figures count, none when it was exempt."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT)
    amount = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")


class Refund(models.Model):
    """Money to be given back of a settled order: ordered by one act, paid by another."""

    id = models.UUIDField(primary_key=True)
    order = models.OneToOneField(Order, models.PROTECT, related_name="refund")
    amount = models.BigIntegerField()
    reason = models.TextField()
    ordered = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    paid = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    means = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]


class Payment(models.Model):
    """A payment through the gateway. Until the gateway says what came of it, nobody knows, and nobody pays again."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    state = models.TextField(default=STARTED)
    started_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[STARTED, PAID, REFUSED, RETURNED]), name="payment_state_known"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(state=STARTED), name="payment_one_under_way"),
        ]
        indexes = [models.Index(fields=["started_at"], condition=Q(state=STARTED), name="payment_under_way")]


class SimulatedPayment(models.Model):
    """What the simulator of a gateway remembers. No money, no bank: a stand-in behind the door of a real one."""

    reference = models.UUIDField(primary_key=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    outcome = models.TextField(blank=True)
    refunded = models.BooleanField(default=False)

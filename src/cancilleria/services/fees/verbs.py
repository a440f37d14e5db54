"""What is recorded of money: opaque, because receipts are about people. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class TariffRows(Facts):
    """Which table of the tariff, and how many rows began and ended."""

    kind: str
    added: int
    closed: int


class Sum(Facts):
    """An amount of a currency."""

    currency: str
    amount: int


class Ordered(Facts):
    """What a procedure's request owes."""

    procedure: str
    currency: str
    amount: int


class Received(Facts):
    """A receipt: by what it was paid, or why nothing was."""

    currency: str
    amount: int
    means: str
    exemption: str | None = None


class Collected(Facts):
    """One fee of a receipt, by line of the tariff and means."""

    line: str
    currency: str
    amount: int
    means: str


class Attempt(Facts):
    """An attempt to pay through a gateway."""

    gateway: str
    currency: str
    amount: int


class Counted(Facts):
    """A count of cash: how many pieces, and what they come to."""

    currency: str
    pieces: int
    amount: int


class Relieved(Facts):
    """A box that goes to another cashier: whose posting held it, and whose holds it now."""

    cashier: str
    relief: str


class Settled(Facts):
    """A closed session: receipts, what was expected and counted, and the difference."""

    currency: str
    receipts: int
    expected: int
    counted: int
    difference: int
    mismatches: int


def _verb(code: str, sentence: object, facts: type[Facts], book: str | None = None) -> Verb:
    return Verb(code, sentence, owner="fees", facts=facts, book=book)  # type: ignore[arg-type]


TARIFF_CHANGED = _verb("tariff.changed", _("Cambió el tarifario: {added} filas nuevas, {closed} cerradas"), TariffRows)
FEE_ORDERED = _verb("fee.ordered", _("Ordenó el pago de la tasa"), Ordered)
FEE_CANCELLED = _verb("fee.cancelled", _("Dejó sin efecto la orden de pago"), Sum)
FEE_RECEIVED = _verb("fee.received", _("Recibió el pago y dio el recibo {number} de {year}"), Received, "receipt")
FEE_EXEMPTED = _verb("fee.exempted", _("Eximió del pago y dio el recibo {number} de {year}"), Received, "receipt")
FEE_COLLECTED = _verb("fee.collected", _("Asentó la tasa cobrada"), Collected)
FEE_VOIDED = _verb("fee.voided", _("Anuló el recibo"), Sum)
FEE_UNCOLLECTED = _verb("fee.uncollected", _("Anuló el asiento de la tasa cobrada"), Collected)
REFUND_ORDERED = _verb("refund.ordered", _("Ordenó la devolución de lo pagado"), Sum)
REFUND_PAID = _verb("refund.paid", _("Devolvió lo pagado"), Received)
PAYMENT_STARTED = _verb("payment.started", _("Empezó un pago en línea"), Attempt)
PAYMENT_REFUSED = _verb("payment.refused", _("El pago en línea no se hizo"), Attempt)
PAYMENT_RETURNED = _verb("payment.returned", _("Llegó un pago que ya no se debía y se devolvió"), Attempt)
CASH_OPENED = _verb("cash.opened", _("Abrió la caja"), Sum)
CASH_RELIEVED = _verb("cash.relieved", _("Pasó la caja a otra persona"), Relieved)
CASH_COUNTED = _verb("cash.counted", _("Contó el dinero de la caja"), Counted)
CASH_DIFFERED = _verb("cash.differed", _("Asentó la diferencia del arqueo"), Sum)
CASH_CLOSED = _verb("cash.closed", _("Cerró la caja"), Settled)
CASH_DEPOSITED = _verb("cash.deposited", _("Depositó en el banco"), Sum)

VERBS = (
    TARIFF_CHANGED, FEE_ORDERED, FEE_CANCELLED, FEE_RECEIVED, FEE_EXEMPTED, FEE_COLLECTED, FEE_VOIDED, FEE_UNCOLLECTED,
    REFUND_ORDERED, REFUND_PAID, PAYMENT_STARTED, PAYMENT_REFUSED, PAYMENT_RETURNED, CASH_OPENED, CASH_RELIEVED, CASH_COUNTED, CASH_DIFFERED, CASH_CLOSED,
    CASH_DEPOSITED,
)  # fmt: skip

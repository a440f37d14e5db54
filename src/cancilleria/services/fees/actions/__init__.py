"""The only writers of money. Each acts once, in one transaction, and records."""

from cancilleria.services.fees.actions.cash import (
    AlreadyOpen,
    NotACount,
    NotExplained,
    NotRelieved,
    TooMuch,
    close_session,
    count_session,
    deposit_takings,
    open_session,
    relieve_cashier,
)
from cancilleria.services.fees.actions.orders import cancel_order, order_fees
from cancilleria.services.fees.actions.payments import NotOnLine, OtherAmount, resolve_payment, start_payment
from cancilleria.services.fees.actions.receipts import (
    CannotVoid,
    Evidence,
    NoCause,
    NotTaken,
    exempt_order,
    take_payment,
    void_receipt,
)
from cancilleria.services.fees.actions.refunds import BoxTooSmall, NotRefundable, order_refund, pay_refund
from cancilleria.services.fees.actions.tariff import Rewritten, load_tariff

__all__ = [
    "AlreadyOpen", "BoxTooSmall", "CannotVoid", "Evidence", "NoCause", "NotACount", "NotExplained", "NotOnLine",
    "NotRefundable", "NotRelieved", "NotTaken", "OtherAmount", "Rewritten", "TooMuch", "cancel_order", "close_session", "count_session",
    "deposit_takings", "exempt_order", "load_tariff", "open_session", "order_fees", "order_refund", "pay_refund", "relieve_cashier",
    "resolve_payment", "start_payment", "take_payment", "void_receipt",
]  # fmt: skip

"""Figures of money, over its own acts. Sums are of one currency: that of the ministry, given by the profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.indicators.declaration import LESS, MONEY, PERCENT, Indicator

INDICATORS = (
    Indicator("fees.receipts", "RC-01", _("Recibos de pago"), "fees",
              numerator="count(fee.received)", dimensions=("means",)),
    Indicator("fees.exempt", "RC-02", _("Actos exentos de pago"), "fees",
              numerator="count(fee.exempted)", dimensions=("exemption",)),
    Indicator("fees.voided", "RC-03", _("Recibos anulados"), "fees", sense=LESS, numerator="count(fee.voided)"),
    Indicator("fees.counts_that_differ", "RC-04", _("Arqueos con diferencia"), "fees", PERCENT, LESS,
              numerator="count(cash.closed where difference != 0)", denominator="count(cash.closed)"),
    Indicator("fees.on_line", "RC-05", _("Pagos hechos en línea"), "fees", PERCENT,
              numerator='count(fee.received where means = "gateway")', denominator="count(fee.received)"),
    Indicator("fees.refunds", "RC-06", _("Devoluciones pagadas"), "fees", sense=LESS, numerator="count(refund.paid)"),
)  # fmt: skip


def in_currency(currency: str) -> tuple[Indicator, ...]:
    """The sums, in minor units of a currency. Acts in another currency are not added to them."""
    return (
        Indicator("fees.collected", "RC-07", _("Recaudación"), "fees", MONEY,
                  numerator=f'sum(fee.collected.amount where currency = "{currency}")', dimensions=("line", "means")),
        Indicator("fees.difference", "RC-08", _("Diferencias de arqueo, sumadas"), "fees", MONEY, LESS,
                  numerator=f'sum(cash.differed.amount where currency = "{currency}")'),
    )  # fmt: skip

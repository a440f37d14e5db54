"""What the cash desk prints: receipts and the account of a month."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.fees import closing, queries, tariff
from cancilleria.services.fees.models import BANK, BOX, CARDS, FLOAT, TRANSIT, Receipt
from cancilleria.services.fees.rules import CARD, CASH, GATEWAY, NONE, TRANSFER
from cancilleria.services.signing.compose import compose

FOLDER = Path(__file__).resolve().parent / "templates" / "site" / "cash"
MEANS_NAMES = {
    CASH: _("efectivo"), CARD: _("tarjeta"), TRANSFER: _("transferencia"), GATEWAY: _("en línea"), NONE: _("exento"),
}  # fmt: skip

# Parts of the account of a month, and where money is.
ACCOUNT_NAMES = {
    "opening": _("Saldo al empezar el mes"), "collected": _("Cobrado"), "voided": _("Anulado"), "refunded": _("Devuelto"),
    "differences": _("Diferencias de arqueo"), "closing": _("Saldo al terminar el mes"),
    "deposited": _("Depositado en el banco (dentro del saldo)"), BOX: _("En las cajas"), FLOAT: _("Fondos entregados a las cajas"),
    BANK: _("En el banco"), CARDS: _("Tarjetas por abonar"), TRANSIT: _("Pasarela por abonar"),
}  # fmt: skip
MISMATCHES = {
    closing.RECEIPT_WITHOUT_ENTRY: _("El recibo no coincide con su asiento"),
    closing.SUM_DIFFERS: _("El dinero no coincide con el recibo"),
    closing.CASE_WAITS: _("Está pagado y el expediente sigue esperando"),
    closing.ACT_WITHOUT_RECEIPT: _("Se concedió sin recibo"),
}


def receipt_pdf(receipt: Receipt) -> HttpResponse:
    """The receipt of a payment, or of an exemption, as it stands today."""
    at = timezone.localtime(receipt.entry.recorded_at, ZoneInfo(receipt.entry.zone))
    number = queries.number_of(receipt)
    data = {
        "number": number, "organ": name_of(receipt.organ), "filed": f"{date_format(at, 'DATE_FORMAT')}, {at:%H:%M}",
        "total": tariff.in_words(receipt.total, receipt.currency), "means": str(MEANS_NAMES[receipt.means]),
        "lines": _lines(receipt), "cause": _cause(receipt), "reference": receipt.reference, "voided": bool(receipt.voided_id),
        "date": [at.year, at.month, at.day], "words": _words(),
    }  # fmt: skip
    return pdf("receipt.typ", data, f"recibo-{number}.pdf")


def pdf(template: str, data: Mapping[str, object], name: str) -> HttpResponse:
    """A paper of the cash desk, with what every one of them says of the ministry."""
    known = {
        "ministry": in_language(ministry().name), "demonstration": settings.DEMONSTRATION,
        "language": (translation.get_language() or "es")[:2], "note": translate("Demostración: sin valor."),
    }  # fmt: skip
    given = json.dumps(dict(data) | known, ensure_ascii=False, default=str).encode()
    document = compose((FOLDER / template).read_bytes(), {"data.json": given})
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(document.data, content_type="application/pdf", headers=headers)


def _lines(receipt: Receipt) -> list[list[str]]:
    """What was paid, for which case, by which law, and the tariff's own price when it is in another unit."""
    rows = list(receipt.lines.select_related("line__order__case__entry").order_by("pk"))
    names = tariff.names_of([row.line.key for row in rows], receipt.day)
    return [
        [
            names.get(row.line.key, row.line.key), cases.number_of(row.line.order.case), row.line.legal_basis,
            "" if row.line.unit == receipt.currency else f"{tariff.in_words(row.line.unit_amount, row.line.unit)} × {row.line.factor}",
            tariff.in_words(row.amount, receipt.currency),
        ]
        for row in rows
    ]  # fmt: skip


def _cause(receipt: Receipt) -> str:
    if receipt.exemption is not None:
        return f"{tariff.name_of(receipt.exemption)}. {receipt.exemption.legal_basis}"
    return receipt.cause


def _words() -> dict[str, str]:
    """The receipt's labels, in the reader's language."""
    return {
        "receipt": translate("Recibo de caja"), "organ": translate("Recibido por"), "filed": translate("Fecha"),
        "means": translate("Medio de pago"), "reference": translate("Referencia"), "concept": translate("Concepto"),
        "case": translate("Expediente"), "basis": translate("Base legal"), "amount": translate("Importe"),
        "total": translate("Total"), "cause": translate("Causa"), "voided": translate("ANULADO"),
    }  # fmt: skip

"""What an office hands over of money: open boxes, takings not yet deposited, and the last receipt."""

from __future__ import annotations

from django.utils.translation import gettext as translate

from cancilleria.kernel.cases.queries import format_number
from cancilleria.kernel.register.models import Book
from cancilleria.services.fees import ledger, tariff, verbs
from cancilleria.services.fees.models import CashSession


def cash_held(organ: str) -> list[tuple[str, str]]:
    """What stands in the boxes of an organ, and the last number of its receipts, as label and text."""
    rows = []
    for session in CashSession.objects.filter(organ=organ).order_by("pk"):
        if held := ledger.in_box(session):
            label = translate("Caja del %(day)s") % {"day": session.opened_on.isoformat()}
            rows.append((label, tariff.in_words(held, session.currency)))
    last = Book.objects.filter(organ=organ, kind=verbs.FEE_RECEIVED.book).order_by("-year").first()
    number = format_number(organ, last.year, last.last_number) if last else translate("ninguno")
    return [*rows, (translate("Último recibo"), number)]

"""What an office hands over of money. The last number of its receipts is told with its books."""

from __future__ import annotations

from django.utils.translation import gettext as translate

from cancilleria.services.fees import ledger, tariff
from cancilleria.services.fees.models import CLOSED, CashSession


def cash_held(organ: str) -> list[tuple[str, str]]:
    """Boxes of an organ that are open or hold money not yet deposited, as label and amount."""
    found = [(session, ledger.in_box(session)) for session in CashSession.objects.filter(organ=organ).order_by("pk")]
    return [
        (
            translate("Caja del %(day)s") % {"day": session.opened_on.isoformat()},
            tariff.in_words(held, session.currency),
        )
        for session, held in found
        if held or session.state != CLOSED
    ]

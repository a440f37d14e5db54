"""The stock of blank forms of an organ, sheet by sheet."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, QuerySet

from cancilleria.domains.apostille.models import Apostille, Form, Legalisation
from cancilleria.domains.apostille.models.forms import BLANK, FORM_STATES, USED


def stock_of(organ: str) -> Mapping[str, int]:
    """How many forms of an organ are in each state."""
    held = dict(Form.objects.filter(organ=organ).values_list("state").annotate(Count("pk")))
    return {state: held.get(state, 0) for state in FORM_STATES}


def forms_of(organ: str, *, state: str = "") -> QuerySet[Form]:
    """Forms of an organ in the order of their serials, with the act of each."""
    found = Form.objects.filter(organ=organ).select_related("act").order_by("serial")
    return found.filter(state=state) if state else found


def blank_forms(organ: str, most: int = 20) -> list[Form]:
    """The next forms to use, lowest serial first."""
    return list(forms_of(organ, state=BLANK)[:most])


def form_of(certificate: Apostille | Legalisation) -> Form | None:
    """The form on which a certificate is printed; None for one that came as a file."""
    return Form.objects.filter(act=certificate.entry_id, state=USED).first()

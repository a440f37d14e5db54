"""What an office holds, told by every room: for minutes of handover, and for closing an office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille.models.forms import BLANK
from cancilleria.domains.apostille.queries import forms_of
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import titles_of
from cancilleria.kernel.cases.rules import OPEN_STATES
from cancilleria.kernel.organs.holdings import Holding, Line, proposals_of, stamps_of, supervised_by
from cancilleria.kernel.organs.pads import blank_slips
from cancilleria.kernel.register.models import Book
from cancilleria.services.fees.handover import cash_held

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A book nobody named here is told by its key.
BOOKS: Mapping[str, StrOrPromise] = {
    "case": _("Expedientes"), "apostille": _("Apostillas"), "legalisation": _("Legalizaciones"),
    "handover": _("Actas de entrega"), "receipt": _("Recibos"),
    "apostille/contingency": _("Apostillas, serie de contingencia"),
    "legalisation/contingency": _("Legalizaciones, serie de contingencia"),
}  # fmt: skip


def books_of(organ: str) -> list[Line]:
    """Each book of each year, to its last number."""
    found = Book.objects.filter(organ=organ, last_number__gt=0).order_by("kind", "year")
    return [(f"{BOOKS.get(book.kind, book.kind)} {book.year}", _up_to(book.last_number)) for book in found]


def open_cases_of(organ: str) -> list[Line]:
    """Open cases of each procedure."""
    versions = Case.objects.filter(organ=organ, state__in=OPEN_STATES).values_list("version", flat=True)
    counted = Counter(versions)
    total: Counter[str] = Counter()
    for version, title in titles_of(set(counted)).items():
        total[title] += counted[version]
    return [(title, str(count)) for title, count in sorted(total.items())]


def blank_forms_of(organ: str) -> list[Line]:
    """Blank certificate forms, from the lowest serial to the highest."""
    found = forms_of(organ, state=BLANK).aggregate(low=Min("serial"), high=Max("serial"), count=Count("pk"))
    return [(f"{found['low']} – {found['high']}", str(found["count"]))] if found["count"] else []


def blank_slips_of(organ: str) -> list[Line]:
    """Blank slips of each contingency pad, from the lowest to the highest."""
    found = blank_slips(organ).values("pad__name").annotate(low=Min("number"), high=Max("number"), count=Count("pk"))
    return [
        (f"{row['pad__name']}: {row['low']} – {row['high']}", str(row["count"])) for row in found.order_by("pad__name")
    ]


def _up_to(number: int) -> str:
    return translate("hasta el número %(number)s") % {"number": number}


HOLDINGS = (
    Holding("books", _("Libros, hasta su último número"), books_of, binds=False),
    Holding("cases", _("Expedientes abiertos"), open_cases_of),
    Holding("forms", _("Formularios de certificado en blanco"), blank_forms_of),
    # An office that closes hands its pads over with the minutes; no slip of one that does not act any more is taken.
    Holding("slips", _("Hojas de contingencia en blanco"), blank_slips_of, binds=False),
    Holding("cash", _("Dinero en las cajas"), cash_held),
    Holding("stamps", _("Sellos en uso y quién responde de ellos"), stamps_of),
    Holding("proposals", _("Actos que esperan a una segunda persona"), proposals_of),
    Holding("supervised", _("Oficinas que supervisa"), supervised_by),
)

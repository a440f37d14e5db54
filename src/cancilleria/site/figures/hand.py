"""Values entered by hand: the form, and the list with who entered each, when, and its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.indicators.declaration import MANUAL, Indicator, indicators
from cancilleria.kernel.indicators.expectations import plans, reporters
from cancilleria.kernel.indicators.models import ManualValue
from cancilleria.kernel.indicators.periods import later
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.organs.queries import names_of
from cancilleria.site.figures.words import number, with_unit

MONTHS = 24


def manual_of(organ: str) -> list[Indicator]:
    """Figures by hand that an organ is expected to report."""
    wanted = reporters(plans())
    return [found for found in indicators if found.source == MANUAL and organ in wanted.get(found.key, [])]


class ValueForm(forms.Form):
    """What, when, how much, and the document that supports it."""

    indicator = forms.ChoiceField(label=_("Indicador"))
    month = forms.ChoiceField(label=_("Mes"))
    value = forms.DecimalField(
        label=_("Valor"), max_digits=14, decimal_places=4, min_value=0, localize=True,
        help_text=_("Solo el número, sin la unidad."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("Sustento"),
        help_text=_("Adjunte el PDF del que sale el valor: encuesta, lista de asistencia, informe."),
    )

    def __init__(self, *args: object, among: list[Indicator], now: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["indicator"].choices = [(i.key, f"{i.code} {i.name}") for i in among]  # type: ignore[attr-defined]
        months = [later(now, -n) for n in range(MONTHS)]
        self.fields["month"].choices = [(m.isoformat(), date_format(m, "F Y")) for m in months]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Entered:
    """A value by hand as the list tells it."""

    pk: int
    indicator: Indicator
    organ: str
    month: date
    shown: str
    who: str
    at: datetime


def entered(*, organ: str = "") -> list[Entered]:
    """Newest month first; of one organ, or of all."""
    found = ManualValue.objects.select_related("entry").order_by("-month", "indicator", "organ")
    values = list(found.filter(organ=organ) if organ else found)
    names = names_of({value.organ for value in values})
    postings = Posting.objects.select_related("officer").in_bulk([value.entry.actor for value in values])
    known = {indicator.key: indicator for indicator in indicators}
    return [
        Entered(
            value.pk, known[value.indicator], names[value.organ], value.month,
            with_unit(known[value.indicator], number(value.value)),
            postings[value.entry.actor].officer.name if value.entry.actor in postings else "", value.entry.recorded_at,
        )
        for value in values if value.indicator in known
    ]  # fmt: skip

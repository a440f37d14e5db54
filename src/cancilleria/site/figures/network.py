"""A figure over the network: a row for each organ that acts or must report, and the map of those rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.declaration import Indicator
from cancilleria.kernel.indicators.periods import Period, later
from cancilleria.kernel.indicators.queries import Place
from cancilleria.kernel.indicators.values import Values
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import names_of
from cancilleria.services.ui.charts import Dot, dot
from cancilleria.site.figures.words import in_words, with_unit


@dataclass(frozen=True)
class Row:
    """An organ's figure over a period. `quiet` names the months it did not report; with nothing else it has no value."""

    organ: str
    name: str
    shown: str
    n: int
    value: float | None
    quiet: str

    @property
    def known(self) -> bool:
        return self.n > 0 or not self.quiet


def rows_of(found: Indicator, values: Values, period: Period, quiet: set[Place], organs: Iterable[str]) -> list[Row]:
    """In the order of their names."""
    acting = {organ for organ, month in values.places(found) if period.start <= month < period.end}
    names = names_of({*organs, *acting})
    return [
        _row(found, values, period, organ, names[organ], sorted(m for o, m in quiet if o == organ))
        for organ in sorted(names, key=lambda key: (names[key], key))
    ]


def _row(found: Indicator, values: Values, period: Period, organ: str, name: str, quiet: list[date]) -> Row:
    figure = values.figure(found, period, organ)
    months = ", ".join(_runs(quiet))
    unknown = quiet and not figure.n
    shown = _("no informó") if unknown else in_words(found, figure)
    return Row(organ, name, shown, figure.n, None if unknown or figure.value is None else float(figure.value), months)


def _runs(months: list[date]) -> Iterator[str]:
    """Months in words, those that follow one another as one stretch."""
    start = None
    for at, month in enumerate(months):
        start = start or month
        if at + 1 == len(months) or months[at + 1] != later(month, 1):
            first, last = date_format(start, "M y"), date_format(month, "M y")
            yield first if start == month else f"{first} – {last}"
            start = None


def map_of(found: Indicator, rows: Iterable[Row]) -> tuple[list[Dot], list[str]]:
    """Dots, the greatest first so that none hides another, and names of the organs without a place."""
    among = {row.organ: row for row in rows}
    places = Organ.objects.filter(pk__in=among, latitude__isnull=False, longitude__isnull=False)
    top = max((row.value or 0.0 for row in among.values()), default=0.0) or 1.0
    dots = [
        dot(
            float(place.latitude), float(place.longitude), share=(among[place.pk].value or 0.0) / top,  # type: ignore[arg-type]
            label=among[place.pk].name, shown=with_unit(found, among[place.pk].shown), known=among[place.pk].known,
        )
        for place in places
    ]  # fmt: skip
    placed = {place.pk for place in places}
    return sorted(dots, key=lambda d: -d.radius), [row.name for key, row in among.items() if key not in placed]

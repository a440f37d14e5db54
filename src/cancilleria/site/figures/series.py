"""The series of a figure as a table to download, with what it is and the head of the log it was read at."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import MANUAL, Indicator
from cancilleria.kernel.indicators.expectations import expected
from cancilleria.kernel.indicators.figures import rounded
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.indicators.values import silent, values_of
from cancilleria.kernel.organs.queries import names_of
from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.queries import head
from cancilleria.site.figures.calendar import ended, month_of
from cancilleria.site.figures.files import Sheet
from cancilleria.site.figures.words import UNITS, number

COLUMNS = {
    "organo": str, "nombre": str, "mes": str, "estado": str, "n": int, "total": int, "n_denominador": int,
    "total_denominador": int, "valor": Decimal,
}  # fmt: skip


def sheet_of(found: Indicator, text: str, period: Period, now: date) -> Sheet:
    """A row for each organ and month that acted, or was expected to report and did not."""
    values = values_of([found], Scope(period.start, period.end))
    quiet = silent([found], values, {found.key: expected(found.key)}, ended(period, now))[found.key]
    names = names_of({organ for organ, _month in values.places(found) | quiet})
    rows: list[list[str | int | Decimal | None]] = []
    for organ, month in sorted(values.places(found) | quiet):
        place = [organ, names[organ], f"{month:%Y-%m}"]
        if (organ, month) in quiet:
            rows.append([*place, _("no informó"), None, None, None, None, None])
            continue
        figure = values.figure(found, month_of(month), organ)
        state = _("anotado a mano") if found.source == MANUAL else _("del registro")
        total = getattr(figure, "total", None)
        rows.append([*place, state, figure.n, total, figure.of_n, figure.of_total, rounded(figure.value, 4)])
    return Sheet(text, about(found, text), COLUMNS, rows)


def about(found: Indicator, text: str) -> dict[str, str]:
    """What the file is: indicator, formula with its key, period, unit, source, and the head of the log."""
    top = head()
    formula = {
        f"{side} ({rule.key})": rule.text
        for side, rule in zip((_("numerador"), _("denominador")), found.rules(), strict=False)
    }
    return {
        _("indicador"): f"{found.code} {found.name}", _("clave"): found.key, **formula, _("periodo"): text,
        _("unidad"): str(UNITS.get(found.unit, found.unit)),
        _("fuente"): _("anotado a mano, con su sustento") if found.source == MANUAL else _("el registro de actos"),
        _("registro"): log_origin(), _("asientos del registro"): number(Decimal(top.size)) if top else "0",
        _("raíz del registro"): base64.b64encode(bytes(top.root)).decode() if top else "", _("generado"): timezone.now().isoformat(timespec="seconds"),
    }  # fmt: skip

"""The consolidated report of a plan: every objective, action and figure with value, target, progress, source and seal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import LESS, MANUAL, Indicator, indicators
from cancilleria.kernel.indicators.expectations import plans, reporters
from cancilleria.kernel.indicators.figures import progress, rounded
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.indicators.plan import Measured, Plan
from cancilleria.kernel.indicators.values import Values, silent, targets_of, values_of
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.queries import names_of
from cancilleria.services.signing.compose import compose
from cancilleria.site.figures.calendar import ended, head_in_words
from cancilleria.site.figures.files import Sheet, as_xlsx
from cancilleria.site.figures.words import SENSES, in_words, last_day, number, with_unit

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "site" / "report.typ"


@dataclass(frozen=True)
class Line:
    """A figure of the report; `number` is its value for computing, the rest is in words."""

    code: str
    name: str
    value: str
    number: Decimal | None
    target: str
    progress: str
    baseline: str
    source: str
    seal: str
    silent: str


@dataclass(frozen=True)
class Report:
    """Title, about, and lines under the objective and action they belong to."""

    code: str
    about: Mapping[str, str]
    warnings: list[str]
    chapters: list[tuple[str, str, list[tuple[str, str, list[Line]]]]]


def report_of(key: str, text: str, period: Period, now: date) -> Report | None:
    """None for a plan nobody loaded."""
    plan = next((found for found in plans() if found.key == key), None)
    if plan is None:
        return None
    known = [indicators.get(m.indicator) for m in plan.measures()]
    values = values_of(known, Scope(period.start, period.end))
    quiet = silent(known, values, reporters([plan]), ended(period, now))
    closures = {c.indicator: c for c in Closure.objects.filter(
        indicator__in=[i.key for i in known], organ="", start=period.start, end=period.end).order_by("pk")}  # fmt: skip
    targets, names = targets_of(period.start.year), names_of(a.responsible for a in plan.actions())

    def line(measured: Measured) -> Line:
        found = indicators.get(measured.indicator)
        late = len({organ for organ, _month in quiet[found.key]})
        return _line(found, measured, values, period, targets.get(found.key), closures.get(found.key), late)

    chapters = [
        (f"{o.code}. {in_language(o.name)}", o.source,
         [(f"{a.code}. {in_language(a.name)}", names.get(a.responsible, ""), [line(m) for m in a.measures]) for a in o.actions])
        for o in plan.objectives
    ]  # fmt: skip
    return Report(plan.code, _about(plan, text), [in_language(w) for w in plan.warnings], chapters)


def _line(
    found: Indicator, measured: Measured, values: Values, period: Period, wanted: Decimal | None,
    closure: Closure | None, late: int,
) -> Line:  # fmt: skip
    figure = values.figure(found, period)
    reached = progress(figure.value, wanted, found.sense) if wanted is not None else None
    unknown = late and not figure.n
    seal = _("abierto")
    if closure is not None:
        state = _("publicado") if closure.published_id else _("cerrado")
        seal = f"{state} {last_day(closure):%d.%m.%Y} · {closure.acts_digest[:8]}"
    return Line(
        found.code, f"{found.name} ({SENSES[found.sense == LESS]})",
        _("no informó") if unknown else with_unit(found, in_words(found, figure)),
        None if unknown else rounded(figure.value, 4), number(wanted) if wanted is not None else "",
        f"{number(rounded(reached * 100, 0) or Decimal(0))} %" if reached is not None and not unknown else "",
        number(measured.baseline) if measured.baseline is not None else "",
        _("anotado a mano") if found.source == MANUAL else _("registro"), _("sin sello") if found.source == MANUAL else seal,
        str(late) if late else "",
    )  # fmt: skip


def _about(plan: Plan, text: str) -> dict[str, str]:
    return {
        _("ministerio"): in_language(ministry().name), _("plan"): f"{plan.code} · {in_language(plan.name)}",
        _("vigencia"): f"{plan.start:%d.%m.%Y} – {plan.end:%d.%m.%Y}",
        _("base legal"): "; ".join(f"{in_language(b.name)} ({b.source})" for b in plan.basis),
        _("periodo"): text, _("registro"): head_in_words(), _("generado"): f"{timezone.now():%d.%m.%Y %H:%M} UTC",
    }  # fmt: skip


def columns() -> dict[str, type]:
    """Headings of the lines."""
    return {
        _("objetivo"): str, _("acción"): str, _("responsable"): str, _("código"): str, _("indicador"): str,
        _("valor"): str, _("valor numérico"): Decimal, _("meta"): str, _("avance"): str, _("línea de base"): str,
        _("fuente"): str, _("sello"): str, _("órganos que no informaron"): str,
    }  # fmt: skip


def as_workbook(found: Report) -> bytes:
    rows = [
        [objective, action, responsible, line.code, line.name, line.value, line.number, line.target, line.progress,
         line.baseline, line.source, line.seal, line.silent]
        for objective, _source, actions in found.chapters for action, responsible, lines in actions for line in lines
    ]  # fmt: skip
    about = {**found.about, **{f"{_('advertencia')} {n}": text for n, text in enumerate(found.warnings, start=1)}}
    return as_xlsx(Sheet(_("informe"), about, columns(), rows))


def as_pdf(found: Report) -> bytes:
    """PDF/A, the same bytes from the same data."""
    now = timezone.now()
    data = {
        "title": _("Informe consolidado del plan"), "about": list(found.about.items()), "warnings": found.warnings,
        "lang": (translation.get_language() or "es")[:2], "date": [now.year, now.month, now.day],
        "none": _("Sin indicadores todavía."), "demonstration": settings.DEMONSTRATION,
        "words": {"demonstration": _("DEMOSTRACIÓN: sin valor oficial"), "responsible": _("Responsable"),
                  "source": _("Fuente"), "silent": _("órganos que no informaron"), "warnings": _("Advertencias")},
        "heads": [_("Código"), _("Indicador"), _("Valor"), _("Meta"), _("Avance"), _("Línea de base"), _("Fuente"), _("Sello")],
        "chapters": [
            {"name": name, "source": source, "actions": [
                {"name": action, "responsible": responsible, "lines": [
                    [x.code, x.name, x.value, x.target, x.progress, x.baseline, x.source, x.seal, x.silent] for x in lines]}
                for action, responsible, lines in actions]}
            for name, source, actions in found.chapters
        ],
    }  # fmt: skip
    return compose(TEMPLATE.read_bytes(), {"data.json": json.dumps(data).encode()}).data

"""Published figures for everybody: the tables as they were decided at publication, in words and as files. Nothing is counted here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.declaration import Indicator
from cancilleria.kernel.indicators.difference import Side, explain
from cancilleria.kernel.indicators.figures import rounded
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import Node, Period, below, text_of
from cancilleria.kernel.indicators.publication import ORGAN
from cancilleria.kernel.indicators.published import Published, opened
from cancilleria.kernel.indicators.queries import figure_of
from cancilleria.kernel.indicators.suppression import LEAST, TOTAL, small
from cancilleria.kernel.organs.queries import names_of
from cancilleria.site.figures.files import Sheet
from cancilleria.site.figures.words import DIMENSIONS, NOTHING, UNITS, in_words, last_day, value_names

COLUMNS = {
    "tabla": str, "grupo": str, "nombre": str, "periodo": str, "estado": str, "n": int, "total": int,
    "n_denominador": int, "total_denominador": int, "valor": Decimal,
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table with its headings; a row is a name and its cells in words."""

    name: str
    title: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]


def hidden_word() -> str:
    return _("oculto")


def in_public(found: Indicator, counts: list[list[int]] | None) -> str:
    """A cell in words: its value, that it is hidden, or that it was not reported."""
    if counts is None:
        return hidden_word()
    return in_words(found, figure_of(found, [(n, total) for n, total in counts])) if counts else _("no informó")


def _cell_in_words(found: Indicator, held: Published, counts: list[list[int]] | None, node: Node) -> str:
    """Nobody reports what had not ended when it was published."""
    told = held.closure.published
    running = told is not None and node[1] > told.recorded_at.date()
    return NOTHING if counts == [] and running else in_public(found, counts)


def tables(found: Indicator, held: Published) -> list[Table]:
    """By organ, then by each fact: the period first, then its months."""
    nodes = _nodes(held.closure)
    labels = [_label(node) for node in nodes]
    names = sorted({name for name, *_rest in held.cells}, key=lambda name: (name != ORGAN, name))
    return [
        Table(
            name, _("Por órgano") if name == ORGAN else _("Por %(name)s") % {"name": DIMENSIONS.get(name, name)}, labels,
            [(label, [_cell_in_words(found, held, held.cell(name, group, *node), node) for node in nodes])
             for group, label in _groups(held, name)],
        )
        for name in names
    ]  # fmt: skip


def sheet_of(found: Indicator, held: Published) -> Sheet:
    """Exactly what the page shows, a row for each cell."""
    rows: list[Sequence[str | int | Decimal | None]] = []
    for name in sorted({name for name, *_rest in held.cells}, key=lambda name: (name != ORGAN, name)):
        for group, label in _groups(held, name):
            rows += [_row(found, held, name, group, label, node) for node in _nodes(held.closure)]
    return Sheet(text_of(held.closure.start, held.closure.end), _about(found, held.closure), COLUMNS, rows)


def _row(
    found: Indicator, held: Published, name: str, group: str, label: str, node: Node
) -> list[str | int | Decimal | None]:
    counts = held.cell(name, group, *node)
    place: list[str | int | Decimal | None] = [name, group, label, text_of(*node)]
    if not counts:
        return [*place, _cell_in_words(found, held, counts, node), None, None, None, None, None]
    figure = figure_of(found, [(n, total) for n, total in counts])
    return [*place, _("publicado"), figure.n, figure.total, figure.of_n, figure.of_total, rounded(figure.value, 4)]


def group_names(held: Published, name: str) -> dict[str, str]:
    """What each group of a table is called, in the reader's language."""
    groups = held.groups(name)
    if name == ORGAN:
        return names_of(groups)
    return {group: str(value_names().get(group, group or _("sin dato"))) for group in groups}


def _groups(held: Published, name: str) -> list[tuple[str, str]]:
    names = group_names(held, name)
    return [(TOTAL, _("Todo el ministerio") if name == ORGAN else _("Total")),
            *sorted(names.items(), key=lambda pair: (pair[1], pair[0]))]  # fmt: skip


def _nodes(closure: Closure) -> list[Node]:
    """The period, then what it is cut into, in order; halves and quarters before their months."""
    tree = below(Period(closure.start, closure.end))
    return sorted(tree, key=lambda node: (-round((node[1] - node[0]).days / 30), node[0]))


def _label(node: Node) -> str:
    start, end = node
    text = text_of(start, end)
    return date_format(start, "M y") if len(text) == 7 and text[5] in "01" else text


def _about(found: Indicator, closure: Closure) -> dict[str, str]:
    formula = {_("numerador"): closure.rules[0][0]}
    if len(closure.rules) > 1:
        formula[_("denominador")] = closure.rules[1][0]
    return {
        _("indicador"): f"{found.code} {found.name}", _("clave"): found.key, **formula,
        _("periodo"): text_of(closure.start, closure.end), _("unidad"): str(UNITS.get(found.unit, found.unit)),
        _("cerrado al asiento"): str(closure.size), _("sello de los actos"): closure.acts_digest,
        _("publicado"): closure.published.recorded_at.isoformat(timespec="seconds") if closure.published else "",
        _("protección"): _("Las cifras de 1 a 4 se ocultan, y con ellas las que permitirían deducirlas."),
        _("licencia"): "CC BY 4.0",
    }  # fmt: skip


@dataclass(frozen=True)
class Correction:
    """A period published again: what was shown, what is shown now, and how many acts made the difference."""

    before: Closure
    shown: str
    now: str
    late: str
    annulled: str
    corrected: str
    last: date


def correction_of(found: Indicator, newest: Closure, earlier: Closure) -> Correction:
    sides: tuple[Side, ...] = explain(earlier, found, until=newest.size).sides
    return Correction(
        earlier, in_public(found, opened(earlier).whole), in_public(found, opened(newest).whole),
        _few(sum(len(side.late) for side in sides)), _few(sum(len(side.annulled) for side in sides)),
        _few(sum(len(side.corrected_in) for side in sides)), last_day(earlier),
    )  # fmt: skip


def _few(number: int) -> str:
    return _("menos de %(least)d") % {"least": LEAST} if small(number) else str(number)

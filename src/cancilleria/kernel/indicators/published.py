"""Tables of published figures: what to show of a closure, decided beside what was published before; and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.difference import rules_of
from cancilleria.kernel.indicators.expectations import expected
from cancilleria.kernel.indicators.models import Closure, PublicCell
from cancilleria.kernel.indicators.periods import Period, below
from cancilleria.kernel.indicators.publication import ORGAN, Earlier, Table, by_group, hide, table_of
from cancilleria.kernel.indicators.suppression import TOTAL, Tree

# Of an organ and a month that it did not report: neither hidden nor zero.
SILENT: list[object] = []


def public_cells(closure: Closure) -> list[PublicCell]:
    """The cells of a closure's tables, small ones hidden. Raises CannotBeHidden."""
    rules, tree = rules_of(closure), Tree(below(Period(closure.start, closure.end)))
    scope = Scope(closure.start, closure.end)
    organs = expected(closure.indicator)
    before = _published_before(closure)
    tables = []
    # A share's parts are shown by organ only: what they are split by is shown with the counts themselves.
    for name in (ORGAN, *(rules[0].dimensions if len(rules) == 1 else ())):
        rows = [queries.rows_at(rule, scope, closure.size, "" if name == ORGAN else name) for rule in rules]
        earlier = [_earlier(before, rule.text, name) for rule in rules]
        groups = frozenset(organs if name == ORGAN else ())
        tables.append(table_of(name, [by_group(found, tree) for found in rows], groups, tree, earlier))
    hidden = hide(tables, rules, tree)
    silent = _silent(closure, organs, tree)
    return [
        PublicCell(
            closure=closure, table=table.name, group=cell[0], start=cell[1][0], end=cell[1][1],
            counts=None if cell in hidden[table.name] else SILENT if _is(cell, table, silent, tree) else
            [list(side[cell]) for side in table.sides],
        )
        for table in tables for cell in table.cells
    ]  # fmt: skip


def _silent(closure: Closure, organs: Sequence[str], tree: Tree) -> set[tuple[str, date]]:
    """Organs and months that should have been reported and were not; under TOTAL, months of which no organ said anything."""
    said = queries.said_nothing([closure.indicator], organs).get(closure.indicator, set())
    quiet = {(organ, month) for organ in organs for month, _ in tree.leaves} - said
    return quiet | {(TOTAL, month) for month, _ in tree.leaves if organs and all((o, month) in quiet for o in organs)}


def _is(cell: tuple[str, tuple[date, date]], table: Table, silent: set[tuple[str, date]], tree: Tree) -> bool:
    """Whether nothing was counted in the cell and nobody said so, in any of its months."""
    group, (start, end) = cell
    nothing = all(side[cell] == (0, 0) for side in table.sides)
    who = group if table.name == ORGAN else TOTAL
    return nothing and all((who, month) in silent for month, _ in tree.leaves if start <= month < end)


def _published_before(closure: Closure) -> list[tuple[list[list[object]], PublicCell]]:
    cells = PublicCell.objects.filter(
        closure__published__isnull=False, start__gte=closure.start, end__lte=closure.end
    ).select_related("closure")
    return [(cell.closure.rules, cell) for cell in cells.order_by("closure__published__recorded_at", "pk")]


def _earlier(before: Sequence[tuple[list[list[object]], PublicCell]], text: str, table: str) -> Earlier:
    """What was shown and hidden of a measure, whichever indicator it was a side of."""
    found = Earlier()
    for rules, cell in before:
        sides = [side for side, (said, _) in enumerate(rules) if said == text]
        if not sides or cell.table != table:
            continue
        place = (cell.group, (cell.start, cell.end))
        counts = cell.counts if cell.counts is None else cell.counts[sides[0]] if cell.counts else (0, 0)
        found.add(place, None if counts is None else (int(counts[0]), int(counts[1])))
    return found


@dataclass(frozen=True)
class Published:
    """A published closure with its cells: by table, group and period."""

    closure: Closure
    cells: dict[tuple[str, str, date, date], list[list[int]] | None]

    def cell(self, table: str, group: str, start: date, end: date) -> list[list[int]] | None:
        return self.cells.get((table, group, start, end))

    @property
    def whole(self) -> list[list[int]] | None:
        return self.cell(ORGAN, TOTAL, self.closure.start, self.closure.end)

    def groups(self, table: str) -> list[str]:
        return sorted({group for name, group, _, _ in self.cells if name == table} - {TOTAL})


def published(*, indicator: str = "") -> list[Closure]:
    """Published closures, the newest first."""
    found = (
        Closure.objects.filter(published__isnull=False).select_related("published").order_by("-published__recorded_at")
    )
    return list(found.filter(indicator=indicator) if indicator else found)


def opened(closure: Closure) -> Published:
    cells = PublicCell.objects.filter(closure=closure)
    return Published(closure, {(c.table, c.group, c.start, c.end): c.counts for c in cells})


def wholes(closures: Sequence[Closure]) -> dict[int, list[list[int]] | None]:
    """The whole figure of each closure, None where it is hidden, in one query."""
    cells = PublicCell.objects.filter(
        closure__in=closures, table=ORGAN, group=TOTAL, start=F("closure__start"), end=F("closure__end")
    )
    return {cell.closure_id: cell.counts for cell in cells}

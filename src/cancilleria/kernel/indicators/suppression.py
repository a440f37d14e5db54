"""Small counts hidden from the public, and with them as many others as keep anybody from working them out. Pure.

A table of counts with its totals is one system of sums. A hidden cell can be worked out exactly when no other table with
the same shown cells exists; by the theory of flows that is so when no cycle of hidden cells leads through it on which counts
can be moved without any falling below zero. Totals are hidden last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping

TOTAL = "total"
LEAST = 5
Cell = tuple[Hashable, Hashable]


def with_totals(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """The whole table: every row and column met, zeros included, with its totals under the name TOTAL."""
    rows, columns = {row for row, _ in counts}, {column for _, column in counts}
    table = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    table |= {(row, TOTAL): sum(table[row, c] for c in columns) for row in rows}
    table |= {(TOTAL, column): sum(table[r, column] for r in rows) for column in columns}
    table[TOTAL, TOTAL] = sum(table[row, TOTAL] for row in rows)
    return table


def hidden_cells(table: Mapping[Cell, int], least: int = LEAST) -> set[Cell]:
    """Cells to hide of a table with totals: those from 1 to below `least`, and others until none can be worked out."""
    hidden = {cell for cell, count in table.items() if 0 < count < least}
    while True:
        exposed = sorted((cell for cell in hidden if worked_out(cell, table, hidden)), key=repr)
        if not exposed:
            return hidden
        hidden.add(_companion(exposed[0], table, hidden))


def worked_out(cell: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Whether the shown cells leave the hidden one a single value."""
    others = _arcs(table, hidden - {cell})
    start, end = _ends(cell)
    rises = _reaches(others, end, start)
    falls = table[cell] > 0 and _reaches(others, start, end)
    return not rises and not falls


def _companion(cell: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> Cell:
    """The next cell to hide: in the same line if it can be, inner before totals, with a count before empty, small before big."""
    shown = [other for other in table if other not in hidden]

    def cost(other: Cell) -> tuple[bool, bool, bool, int, str]:
        in_line = other[0] == cell[0] or other[1] == cell[1]
        return (not in_line, TOTAL in other, table[other] == 0, table[other], repr(other))

    return min(shown, key=cost)


def _ends(cell: Cell) -> tuple[Hashable, Hashable]:
    """The arc along which this cell rises. A total is subtracted where others are added, so its arc is turned round."""
    row, column = ("row", cell[0]), ("column", cell[1])
    return (column, row) if (cell[0] == TOTAL) != (cell[1] == TOTAL) else (row, column)


def _arcs(table: Mapping[Cell, int], hidden: set[Cell]) -> dict[Hashable, set[Hashable]]:
    """Where counts can be moved: a cell may always rise, and fall while it is above zero."""
    arcs: dict[Hashable, set[Hashable]] = defaultdict(set)
    for cell in hidden:
        start, end = _ends(cell)
        arcs[start].add(end)
        if table[cell] > 0:
            arcs[end].add(start)
    return arcs


def _reaches(arcs: Mapping[Hashable, set[Hashable]], start: Hashable, end: Hashable) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for following in arcs.get(waiting.pop(), ()):
            if following == end:
                return True
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False

"""What of a closed figure is shown to everybody: its tables by organ and by fact, month by month, small counts hidden.

Tables of one figure overlap: months add up to quarters, organs to the ministry, and an indicator shares its counts with
others. They are protected together: what an earlier publication showed counts as known, what it hid stays hidden, and a node
of time whose whole is hidden is hidden in every table, so that no table tells what another one hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.suppression import (
    TOTAL,
    Cell,
    Layer,
    Tree,
    protect,
    small,
    with_sums,
    worked_out,
)

ORGAN = "organ"
Counts = tuple[int, int]
# Of each side of a figure, n and total of every group and month.
Grid = Mapping[Cell, Counts]


@dataclass
class Earlier:
    """What readers have of one measure in one table: cells and their counts, and cells that were hidden."""

    shown: dict[Cell, Counts] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)

    def add(self, cell: Cell, counts: Counts | None) -> None:
        """One more published cell; None is a hidden one. Of an empty cell that could be worked out, hiding ends."""
        if counts is None:
            self.hidden.add(cell)
        else:
            self.hidden.discard(cell)
            self.shown[cell] = counts


@dataclass(frozen=True)
class Table:
    """A table before it is decided: for each side n and total of every cell, sums included."""

    name: str
    groups: frozenset[str]
    sides: tuple[Mapping[Cell, Counts], ...]
    earlier: tuple[Earlier, ...]

    @property
    def cells(self) -> Sequence[Cell]:
        return list(self.sides[0])

    def known(self, side: int) -> set[Cell]:
        """Cells whose count a reader has from an earlier publication."""
        now = self.sides[side]
        return {cell for cell, counts in self.earlier[side].shown.items() if now.get(cell) == counts}


def table_of(name: str, grids: Sequence[Grid], groups: frozenset[str], tree: Tree, earlier: Sequence[Earlier]) -> Table:
    """With the sums over groups and time; `groups` are shown even where nothing counts."""
    every = groups | {group for grid in grids for group, _ in grid}
    sides = []
    for grid in grids:
        n = with_sums({cell: counts[0] for cell, counts in grid.items()}, every, tree)
        total = with_sums({cell: counts[1] for cell, counts in grid.items()}, every, tree)
        sides.append({cell: (n[cell], total[cell]) for cell in n})
    return Table(name, every, tuple(sides), tuple(earlier))


def hide(tables: Sequence[Table], rules: Sequence[Rule], tree: Tree) -> dict[str, set[Cell]]:
    """Which cells of each table to hide. Raises CannotBeHidden when earlier publications tell one of them."""
    layers = {table.name: _layers(table, rules) for table in tables}
    hidden = {table.name: _small(table, rules) | _still_hidden(table) for table in tables}
    while True:
        before = sum(len(cells) for cells in hidden.values())
        for table in tables:
            hidden[table.name] = protect(layers[table.name], tree, hidden[table.name])
        wholes = {node for cells in hidden.values() for group, node in cells if group == TOTAL}
        for table in tables:
            hidden[table.name] |= {(group, node) for node in wholes for group in (*table.groups, TOTAL)}
        if sum(len(cells) for cells in hidden.values()) == before:
            break
    return {table.name: _needed(hidden[table.name], layers[table.name], tree) for table in tables}


def _needed(hidden: set[Cell], layers: Sequence[Layer], tree: Tree) -> set[Cell]:
    """Without empty cells that could be worked out all the same: hiding them would hide nothing."""
    return {
        cell for cell in hidden
        if any(layer.counts[cell] for layer in layers) or not any(worked_out(cell, layer, tree, hidden) for layer in layers)
    }  # fmt: skip


def _small(table: Table, rules: Sequence[Rule]) -> set[Cell]:
    """Cells with a small count on either side, or a small rest between a share and its whole."""
    found = {cell for side in table.sides for cell, (n, _) in side.items() if small(n)}
    if _is_share(table, rules):
        found |= {cell for cell, (n, _) in table.sides[0].items() if small(table.sides[1][cell][0] - n)}
    return found


def _still_hidden(table: Table) -> set[Cell]:
    return {cell for earlier in table.earlier for cell in earlier.hidden if cell in table.sides[0]}


def _is_share(table: Table, rules: Sequence[Rule]) -> bool:
    """Acts out of acts, never more than there are: a reader knows that the part is not above the whole."""
    return (
        len(rules) == 2
        and all(not rule.measure.fact for rule in rules)
        and all(n <= table.sides[1][cell][0] for cell, (n, _) in table.sides[0].items())
    )


def _layers(table: Table, rules: Sequence[Rule]) -> list[Layer]:
    """The counts to protect. A part is moved with its whole held fast and the whole with its part, as if the other were known."""
    n = [{cell: counts[0] for cell, counts in side.items()} for side in table.sides]
    known = [table.known(side) for side in range(len(table.sides))]
    if _is_share(table, rules):
        return [Layer(n[0], known[0], ceiling=n[1]), Layer(n[1], known[1], floor=n[0])]
    found = [Layer(counts, seen) for counts, seen in zip(n, known, strict=True)]
    sums = [side for side, rule in enumerate(rules) if rule.measure.fact]
    return found + [
        Layer({cell: counts[1] for cell, counts in table.sides[side].items()}, known[side]) for side in sums
    ]


def by_group(rows: Sequence[tuple[str, object, int, int]], tree: Tree) -> Grid:
    """Rows of group, month, n and total as cells of the tree's months."""
    months = {node[0]: node for node in tree.leaves}
    found: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for group, month, n, total in rows:
        if month in months:
            cell = found[group, months[month]]  # type: ignore[index]
            cell[0] += n
            cell[1] += total
    return {cell: (n, total) for cell, (n, total) in found.items()}

"""Small counts hidden from the public, and with them as many others as keep anybody from working them out. Pure.

A table has groups (organs, or values of a fact) and nodes of time (a year, its halves, quarters and months), with the whole
under the name TOTAL. Its cells are tied by sums: a node is the sum of those below it, and in each month the whole is the sum
of the groups. Every cell stands in at most two of these sums, with contrary signs: the table is a network, and its cells are
arcs. A hidden cell can be worked out exactly when no cycle of hidden cells leads through it on which counts can be moved
within their bounds. So a cell is protected by hiding the cheapest path that closes such a cycle.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count

TOTAL = "total"
LEAST = 5
Node = tuple[date, date]
Cell = tuple[str, Node]
GROUND = "ground"
# Hiding a whole hides its node in every table: dearer than any path of inner cells.
DEAR = 10**9


class CannotBeHidden(ValueError):
    """What was published before already tells this cell."""


@dataclass(frozen=True)
class Tree:
    """Nodes of time, each with the one just above it; None above a root."""

    above: Mapping[Node, Node | None]

    @cached_property
    def inner(self) -> frozenset[Node]:
        return frozenset(node for node in self.above.values() if node is not None)

    @cached_property
    def leaves(self) -> list[Node]:
        return sorted(self.above.keys() - self.inner)


@dataclass(frozen=True)
class Layer:
    """One count of every cell. `known`: cells a reader has from elsewhere. `floor`, `ceiling`: what a reader knows it to be between."""

    counts: Mapping[Cell, int]
    known: Set[Cell] = frozenset()
    floor: Mapping[Cell, int] = field(default_factory=dict)
    ceiling: Mapping[Cell, int] = field(default_factory=dict)

    def rises(self, cell: Cell) -> bool:
        return cell not in self.ceiling or self.counts[cell] < self.ceiling[cell]

    def falls(self, cell: Cell) -> bool:
        return self.counts[cell] > self.floor.get(cell, 0)


def small(number: int, least: int = LEAST) -> bool:
    return 0 < number < least


def protect(layers: Sequence[Layer], tree: Tree, hidden: Set[Cell]) -> set[Cell]:
    """The cells to hide so that none of `hidden` can be worked out, in any layer. All layers hide the same cells.

    A cell that is zero in every layer needs no protection of its own. Raises CannotBeHidden.
    """
    networks = [_Network(layer, tree) for layer in layers]
    done: set[tuple[int, Cell]] = set()
    result = set(hidden)
    # What is safe stays safe when more is hidden, so every cell is looked at once.
    while waiting := [
        (at, cell) for at, layer in enumerate(layers) for cell in sorted(result - layer.known)
        if (at, cell) not in done and any(other.counts[cell] for other in layers)
    ]:  # fmt: skip
        for at, cell in waiting:
            way = networks[at].way(cell, result)
            if way is None:
                raise CannotBeHidden(str(cell))
            result |= set(way)
            done.add((at, cell))
    return result


def worked_out(cell: Cell, layer: Layer, tree: Tree, hidden: Set[Cell]) -> bool:
    """Whether what is shown leaves the hidden cell a single value."""
    return _Network(layer, tree).way(cell, hidden, only_hidden=True) is None


class _Network:
    """The arcs along which counts of a layer can be moved."""

    def __init__(self, layer: Layer, tree: Tree) -> None:
        self._layer, self._tree = layer, tree
        self._arcs: dict[Hashable, list[tuple[Cell, Hashable]]] = defaultdict(list)
        for cell in layer.counts:
            if cell not in layer.known:
                start, end = self._ends(cell)
                if layer.rises(cell):
                    self._arcs[start].append((cell, end))
                if layer.falls(cell):
                    self._arcs[end].append((cell, start))

    def way(self, cell: Cell, hidden: Set[Cell], *, only_hidden: bool = False) -> list[Cell] | None:
        """The cells of the cheapest way that lets this one rise or fall; None when there is none."""
        start, end = self._ends(cell)
        ways = [
            *([self._walk(end, start, cell, hidden, only_hidden)] if self._layer.rises(cell) else []),
            *([self._walk(start, end, cell, hidden, only_hidden)] if self._layer.falls(cell) else []),
        ]
        known = [way for way in ways if way is not None]
        return min(known)[1] if known else None

    def _walk(
        self, start: Hashable, end: Hashable, without: Cell, hidden: Set[Cell], only_hidden: bool
    ) -> tuple[int, list[Cell]] | None:
        """Dijkstra: cost and cells of the cheapest walk. What is hidden already costs nothing."""
        turn = count()
        heap: list[tuple[int, int, Hashable]] = [(0, next(turn), start)]
        best: dict[Hashable, int] = {start: 0}
        back: dict[Hashable, tuple[Hashable, Cell]] = {}
        while heap:
            cost, _, here = heapq.heappop(heap)
            if here == end:
                return cost, list(_walked(back, start, end))
            if cost > best[here]:
                continue
            for cell, there in self._arcs.get(here, ()):
                if cell == without or (only_hidden and cell not in hidden):
                    continue
                more = cost + (0 if cell in hidden else self._cost(cell))
                if there not in best or more < best[there]:
                    best[there], back[there] = more, (here, cell)
                    heapq.heappush(heap, (more, next(turn), there))
        return None

    def _cost(self, cell: Cell) -> int:
        """Small before big, inner before wholes, and the less time it spans the better."""
        group, (start, end) = cell
        return self._layer.counts[cell] + (end - start).days + (DEAR if group == TOTAL else 0)

    def _ends(self, cell: Cell) -> tuple[Hashable, Hashable]:
        """The arc along which a cell rises: from the sum above it to that below it; the whole's is turned round."""
        group, node = cell
        above = self._tree.above[node]
        up: Hashable = GROUND if above is None else ("sum", group, above)
        low: Hashable = ("sum", group, node) if node in self._tree.inner else ("month", node)
        return (low, up) if group == TOTAL else (up, low)


def _walked(back: Mapping[Hashable, tuple[Hashable, Cell]], start: Hashable, end: Hashable) -> Iterator[Cell]:
    here = end
    while here != start:
        here, cell = back[here]
        yield cell


def with_sums(counts: Mapping[Cell, int], groups: Set[str], tree: Tree) -> dict[Cell, int]:
    """The whole table from counts by group and month: every node, every group, and TOTAL; zeros included."""
    months = tree.leaves
    table = {(group, month): counts.get((group, month), 0) for group in groups for month in months}
    table |= {(TOTAL, month): sum(table[group, month] for group in groups) for month in months}
    for node in tree.inner:
        inside = [month for month in months if node[0] <= month[0] < node[1]]
        table |= {(group, node): sum(table[group, month] for month in inside) for group in (*groups, TOTAL)}
    return table

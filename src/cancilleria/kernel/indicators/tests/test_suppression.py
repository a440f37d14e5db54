"""No small count can be worked out from what is shown: an attacker tries everything that agrees with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.measure import Measure
from cancilleria.kernel.indicators.periods import Period, below, period, text_of
from cancilleria.kernel.indicators.publication import Earlier, Table, hide, table_of
from cancilleria.kernel.indicators.suppression import (
    LEAST,
    TOTAL,
    CannotBeHidden,
    Cell,
    Layer,
    Tree,
    protect,
    small,
    with_sums,
    worked_out,
)
from cancilleria.kernel.indicators.tests.attacker import Sum, recovered

QUARTER = Tree(below(Period(date(2026, 1, 1), date(2026, 4, 1))))
COUNT = [Rule("count(x)", Measure("count", "x"), ())]
SHARE = [Rule("count(x)", Measure("count", "x"), ()), Rule("count(y)", Measure("count", "y"), ())]
COUNTS = st.sampled_from([0, 0, 0, 1, 2, 4, 5, 6, 9])


def grids(groups: str, tree: Tree = QUARTER) -> st.SearchStrategy[dict[Cell, int]]:
    return st.fixed_dictionaries({(group, month): COUNTS for group in groups for month in tree.leaves})


def sums(cell: Cell, groups: Sequence[str], tree: Tree, value: int, name: object = "organ") -> Sum:
    """A cell as a sum of its months and groups."""
    group, (start, end) = cell
    inside = [month for month in tree.leaves if start <= month[0] < end]
    among = groups if group == TOTAL else [group]
    return Sum(tuple(((name, one, month), 1) for one in among for month in inside), value)


@settings(max_examples=40)
@given(grids("abc"))
def test_every_hidden_cell_could_be_another_number(counts: dict[Cell, int]) -> None:
    table = with_sums(counts, set("abc"), QUARTER)
    hidden = protect([Layer(table)], QUARTER, {cell for cell, count in table.items() if small(count)})
    assert {cell for cell, count in table.items() if 0 < count < LEAST} <= hidden
    needed = {cell for cell in hidden if table[cell]}
    told = [sums(cell, "abc", QUARTER, table[cell]) for cell in table if cell not in hidden]
    truth = {("organ", *cell): count for cell, count in counts.items()}
    assert recovered(truth, told, [sums(cell, "abc", QUARTER, table[cell]) for cell in needed]) == []


@settings(max_examples=40)
@given(grids("ab"), st.sets(st.sampled_from(sorted(with_sums({}, set("ab"), QUARTER))), max_size=7))
def test_the_exact_rule_agrees_with_trying_everything(counts: dict[Cell, int], hidden: set[Cell]) -> None:
    table = with_sums(counts, set("ab"), QUARTER)
    told = [sums(cell, "ab", QUARTER, table[cell]) for cell in table if cell not in hidden]
    truth = {("organ", *cell): count for cell, count in counts.items()}
    for cell in hidden:
        alone = recovered(truth, told, [sums(cell, "ab", QUARTER, table[cell])])
        assert worked_out(cell, Layer(table), QUARTER, hidden) == (alone != [])


def test_nothing_is_hidden_when_nothing_is_small_and_a_known_neighbour_refuses() -> None:
    table = with_sums({(group, month): 7 for group in "ab" for month in QUARTER.leaves}, set("ab"), QUARTER)
    assert protect([Layer(table)], QUARTER, {cell for cell, count in table.items() if small(count)}) == set()
    cell = ("a", QUARTER.leaves[0])
    with pytest.raises(CannotBeHidden):
        protect([Layer(table, known=frozenset(table.keys() - {cell}))], QUARTER, {cell})


class World:
    """One ministry's acts by organ, month and destination, and all that was published of them, in any order."""

    def __init__(self, acts: Mapping[tuple[str, str, int], int]) -> None:
        self.acts = acts
        self.year = Tree(below(period("2026")))
        self.shown: dict[str, Earlier] = {"organ": Earlier(), "destination": Earlier()}

    def grid(self, name: str, tree: Tree) -> dict[Cell, int]:
        found: dict[Cell, int] = {}
        for (organ, destination, at), count in self.acts.items():
            cell = (organ if name == "organ" else destination, self.year.leaves[at])
            if cell[1] in tree.above:
                found[cell] = found.get(cell, 0) + count
        return found

    def publish(self, text: str) -> None:
        tree = Tree(below(period(text)))
        tables = [self._table(name, tree) for name in self.shown]
        hidden = hide(tables, COUNT, tree)
        for table in tables:
            for cell in table.cells:
                self.shown[table.name].add(cell, None if cell in hidden[table.name] else table.sides[0][cell])

    def _table(self, name: str, tree: Tree) -> Table:
        pairs = {cell: (count, count) for cell, count in self.grid(name, tree).items()}
        return table_of(name, [pairs], self.groups(name), tree, [self.shown[name]])

    def groups(self, name: str) -> frozenset[str]:
        return frozenset(key[0] if name == "organ" else key[1] for key in self.acts)

    def attack(self) -> list[Sum]:
        """Hidden cells that all tables together tell, of those that count anything."""
        truth, told, hidden = {}, [], []
        for name, earlier in self.shown.items():
            whole = with_sums(self.grid(name, self.year), set(self.groups(name)), self.year)
            groups = sorted(self.groups(name))
            seen = {month for _, month in earlier.shown.keys() | earlier.hidden} & set(self.year.leaves)
            truth |= {(name, *cell): whole[cell] for cell in whole if cell[0] != TOTAL and cell[1] in seen}
            told += [sums(cell, groups, self.year, n, name) for cell, (n, _) in earlier.shown.items()]
            hidden += [sums(cell, groups, self.year, whole[cell], name) for cell in earlier.hidden if whole[cell]]
        for month in seen:
            sides = [(("organ", g, month), 1) for g in sorted(self.groups("organ"))]
            told.append(
                Sum((*sides, *((("destination", g, month), -1) for g in sorted(self.groups("destination")))), 0)
            )
        return recovered(truth, told, hidden)


ACTS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 3)), st.sampled_from([1, 2, 3, 6, 8]),
    min_size=2, max_size=9,
)  # fmt: skip
PERIODS = st.permutations(["2026-01", "2026-02", "2026-T1", "2026-S1", "2026-04"])


@settings(max_examples=25)
@given(ACTS, PERIODS, st.integers(1, 5))
def test_tables_by_organ_and_destination_of_months_quarters_and_halves_tell_no_hidden_cell(
    acts: dict[tuple[str, str, int], int], order: list[str], many: int
) -> None:
    world = World(acts)
    for text in order[:many]:
        world.publish(text)
    for name, earlier in world.shown.items():
        table = with_sums(world.grid(name, world.year), set(world.groups(name)), world.year)
        assert not [cell for cell in earlier.shown if small(table[cell])]
    assert world.attack() == []


@settings(max_examples=30)
@given(grids("ab"), grids("ab"))
def test_neither_a_share_nor_its_parts_are_told(part: dict[Cell, int], rest: dict[Cell, int]) -> None:
    whole = {cell: part[cell] + rest[cell] for cell in part}
    sides = [{cell: (count, count) for cell, count in side.items()} for side in (part, whole)]
    table = table_of("organ", sides, frozenset("ab"), QUARTER, [Earlier(), Earlier()])
    hidden = hide([table], SHARE, QUARTER)["organ"]
    truth = {(name, *cell): count for name, side in (("in", part), ("out", rest)) for cell, count in side.items()}
    told, secret = [], []
    for cell in table.cells:
        n, of_n = table.sides[0][cell][0], table.sides[1][cell][0]
        inside = sums(cell, "ab", QUARTER, n, "in")
        out = sums(cell, "ab", QUARTER, of_n - n, "out")
        both = Sum(inside.terms + out.terms, of_n)
        if cell in hidden:
            secret += [each for each, count in ((inside, n), (both, of_n)) if of_n and (count or n)]
        else:
            told += [inside, both]
            assert not small(n)
            assert not small(of_n)
            assert not small(of_n - n)
    assert recovered(truth, told, secret) == []


def test_a_period_is_cut_into_its_halves_quarters_and_months() -> None:
    assert len(below(period("2026"))) == 1 + 2 + 4 + 12
    assert len(below(period("2026-11"))) == 1
    assert [text_of(*node) for node in sorted(below(period("2026-T2")))] == ["2026-04", "2026-T2", "2026-05", "2026-06"]
    for text in ("2026", "2026-S2", "2026-T4", "2026-12"):
        found = period(text)
        assert text_of(found.start, found.end) == text

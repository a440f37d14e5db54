"""No small count can be worked out from what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.indicators.suppression import LEAST, TOTAL, Cell, hidden_cells, with_totals, worked_out


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[dict[Cell, int]]:
    cells = [(f"r{r}", f"c{c}") for r in range(rows) for c in range(columns)]
    return st.fixed_dictionaries({cell: st.integers(0, most) for cell in cells})


def consistent(table: dict[Cell, int], hidden: set[Cell]) -> dict[Cell, set[int]]:
    """Every value each hidden cell can have in any table of counts with the same shown cells, by trying them all."""
    inner = sorted(cell for cell in hidden if TOTAL not in cell)
    rows, columns = {r for r, _ in table} - {TOTAL}, {c for _, c in table} - {TOTAL}
    possible: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for values in product(range(max(table[cell] for cell in inner) + 3), repeat=len(inner)) if inner else [()]:
        tried = {(r, c): table[r, c] for r in rows for c in columns} | dict(zip(inner, values, strict=True))
        whole = with_totals(tried)
        if all(whole[cell] == table[cell] for cell in table if cell not in hidden):
            for cell in hidden:
                possible[cell].add(whole[cell])
    return possible


@given(tables(2, 2, 7))
def test_every_hidden_cell_could_be_another_number(counts: dict[Cell, int]) -> None:
    table = with_totals(counts)
    hidden = hidden_cells(table)
    assert {cell for cell, count in table.items() if 0 < count < LEAST} <= hidden
    for values in consistent(table, hidden).values():
        assert len(values) > 1


@given(tables(2, 3, 2))
def test_the_exact_rule_agrees_with_trying_every_table(counts: dict[Cell, int]) -> None:
    table = with_totals(counts)
    hidden = {cell for cell, count in table.items() if count == 1 and TOTAL not in cell}
    for cell, values in consistent(table, hidden).items():
        assert worked_out(cell, table, hidden) == (len(values) == 1)


@given(tables(4, 5, 40))
def test_larger_tables_end_and_hide_nothing_when_nothing_is_small(counts: dict[Cell, int]) -> None:
    table = with_totals(counts)
    hidden = hidden_cells(table)
    assert not any(worked_out(cell, table, hidden) for cell in hidden)
    safe = {cell: count + LEAST for cell, count in counts.items()}
    assert hidden_cells(with_totals(safe)) == set()

"""What a bench returns: one row for each figure, beside the baseline taken in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ours` and `baseline` are in `unit`; `ratio` is what the target of DESIGN 5 speaks of."""

    work: str
    ours: float
    baseline: float | None
    unit: str
    target: str
    holds: bool

    @property
    def ratio(self) -> float | None:
        return None if not self.baseline else self.ours / self.baseline


HEADING = f"{'work':<58}{'ours':>12}{'baseline':>12}{'ratio':>8}  {'unit':<12}{'target':<22}holds"


def line(row: Row) -> str:
    """A row as text of fixed width under HEADING, the verdict last."""
    baseline = "-" if row.baseline is None else f"{row.baseline:,.1f}"
    ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = "yes" if row.holds else "NO"
    return f"{row.work:<58}{row.ours:>12,.1f}{baseline:>12}{ratio:>8}  {row.unit:<12}{row.target:<22}{verdict}"

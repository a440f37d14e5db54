"""The report of a run, in the folder of the batch: a table for a spreadsheet and a page to read."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from cancilleria.site.batches.run import AGAIN, NEW, REFUSED, Line

TABLE, PAGE = "informe.csv", "informe.txt"
HEAD = ("archivo", "resultado", "expediente", "codigo", "motivo")
# A spreadsheet would run what begins so.
FORMULA = ("=", "+", "-", "@", "\t")


def write(folder: Path, lines: Sequence[Line], *, total: int) -> None:
    """Write both, in the place of those of an earlier run. They hold codes: only their owner reads them."""
    sink = io.StringIO()
    table = csv.writer(sink)
    table.writerow(HEAD)
    table.writerows([_cell(text) for text in astuple(line)] for line in lines)
    _replace(folder / TABLE, "\ufeff" + sink.getvalue())
    _replace(folder / PAGE, page(lines, total=total))


def page(lines: Sequence[Line], *, total: int) -> str:
    """Counts, what was refused with what to do, and the cases."""
    refused = [line for line in lines if line.result == REFUSED]
    told = [summary(lines, total=total), ""]
    if refused:
        told += ["No admitidos (corrija y repita la misma orden: los demás no se duplican)", ""]
        told += [f"  {line.name}\n    {line.reason}" for line in refused] + [""]
    taken = [line for line in lines if line.number]
    if taken:
        told += ["Expedientes (con el número y el código se siguen y se descargan)", ""]
        told += [f"  {line.number}  {line.code}  {line.name}" for line in taken] + [""]
    return "\n".join(told)


def summary(lines: Sequence[Line], *, total: int) -> str:
    count = {result: sum(line.result == result for line in lines) for result in (NEW, AGAIN, REFUSED)}
    told = f"{count[NEW]} admitidos, {count[AGAIN]} que ya estaban, {count[REFUSED]} no admitidos, de {total}."
    return told if len(lines) == total else f"{told} Interrumpido: repita la misma orden para seguir."


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.nuevo")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as sink:
        sink.write(text)
    fresh.replace(path)

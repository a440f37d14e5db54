"""A table with what it is, as a file: CSV, a workbook, or Parquet. Whoever opens it finds rule, period, log and source inside."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import xlsxwriter

from cancilleria.services.ui.cells import cell

Value = str | int | Decimal | None
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
TYPES: Mapping[type, str] = {str: "VARCHAR", int: "BIGINT", Decimal: "DECIMAL(18, 4)"}


@dataclass(frozen=True)
class Sheet:
    """`columns` name each column and its type; `about` is told beside the rows, in its order."""

    title: str
    about: Mapping[str, str]
    columns: Mapping[str, type]
    rows: Sequence[Sequence[Value]]


def as_csv(sheet: Sheet) -> bytes:
    """What it is in lines that begin with #, then the columns, then the rows."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerows([f"# {name}", cell(value)] for name, value in sheet.about.items())
    lines.writerow(sheet.columns)
    lines.writerows([cell(value) if isinstance(value, str) else "" if value is None else value for value in row]
                    for row in sheet.rows)  # fmt: skip
    return out.getvalue().encode()


def as_xlsx(sheet: Sheet, *more: Sheet) -> bytes:
    """A sheet for each table, and a last one that tells what they are. Text is never a formula."""
    out = io.BytesIO()
    # One moment of making, always the same: equal data make equal files.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for found in (sheet, *more):
            page = book.add_worksheet(found.title[:31])
            page.freeze_panes(1, 0)
            page.write_row(0, 0, list(found.columns), bold)
            for at, row in enumerate(found.rows, start=1):
                for column, value in enumerate(row):
                    _write(page, at, column, value)
            page.autofit()
        about = book.add_worksheet("metadatos")
        for at, (name, value) in enumerate(sheet.about.items()):
            about.write_string(at, 0, name, bold)
            about.write_string(at, 1, value)
        about.autofit()
    return out.getvalue()


def as_parquet(sheet: Sheet) -> bytes:
    """Columns with their types; what it is stands in the file's key-value metadata, as JSON under `cancilleria`."""
    with TemporaryDirectory(prefix="cancilleria-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "datos.parquet"
        with duckdb.connect() as database:
            columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in sheet.columns.items())
            database.execute(f"CREATE TABLE data ({columns})")
            if sheet.rows:
                marks = ", ".join("?" for _ in sheet.columns)
                database.executemany(f"INSERT INTO data VALUES ({marks})", [list(row) for row in sheet.rows])  # noqa: S608
            told = json.dumps(dict(sheet.about), ensure_ascii=False).replace("'", "''")
            database.execute(
                f"COPY data TO '{path}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{cancilleria: '{told}'}})"
            )
        return path.read_bytes()


MAKERS: Mapping[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write_number(row, column, value)

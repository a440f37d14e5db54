"""A table from an office's spreadsheet: read in the child that foreign bytes are read in, as the text its cells show."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice

from openpyxl import load_workbook

from cancilleria.kernel.documents.parsing import in_child
from cancilleria.kernel.documents.rules import Refused

MOST_ROWS, MOST_COLUMNS = 50_000, 50
MOST_UNPACKED = 128 * 1024 * 1024


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of the first sheet of an XLSX (ISO/IEC 29500), its head first. Raises Refused."""
    found = in_child(data, function=f"{__name__}:cells", given={})
    if not isinstance(found, list):
        raise Refused("unreadable")
    return [[str(cell) for cell in row] for row in found]


def cells(data: bytes, _given: Mapping[str, object]) -> list[list[str]]:
    """What the child does: the values that were kept in the file, no formula worked out, no link followed. Raises Refused."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise Refused("too_costly")
    sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets[0]
    sheet.reset_dimensions()  # a file may say that it has a million rows
    rows = islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), MOST_ROWS + 1)
    found = [[_text(value) for value in row] for row in rows]
    if len(found) > MOST_ROWS:
        raise Refused("too_costly")
    return found


def _text(value: object) -> str:
    """A day as ISO writes it, a number without what the spreadsheet adds to it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

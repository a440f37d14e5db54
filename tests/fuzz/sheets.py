"""The spreadsheet of an older system, as the child that reads it sees it."""

from __future__ import annotations

import io
import json
import zipfile

import xlsxwriter

from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.rules import REFUSALS
from cancilleria.site.imports import sheets


def workbook(*rows: tuple[str, ...]) -> bytes:
    """A spreadsheet with these rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def sheet(data: bytes) -> None:
    """A spreadsheet; or, where it is not a packed file, what stands in one for the sheet. The child's answer, as for uploads."""
    if not data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(EMPTY)) as given, zipfile.ZipFile(made := io.BytesIO(), "w") as packed:
            for name in given.namelist():
                packed.writestr(name, data if name.endswith("sheet1.xml") else given.read(name))
        data = made.getvalue()
    answer = parsing.answer(f"{sheets.__name__}:cells", data, {})
    if "refused" in answer:
        assert answer["refused"] in REFUSALS
    else:
        assert json.dumps(answer["found"])


EMPTY = workbook()

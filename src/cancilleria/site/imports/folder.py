"""The folder as it came: `actos.csv` with a row for each act, `libros.csv` with the last numbers, and the PDF they name.

Either table may be a spreadsheet instead, `actos.xlsx` and `libros.xlsx`. Columns of `actos.csv`: number, date (2019-05-31), organ (its key), verb (`apostille.issued`), and optional file, destination,
kind; and, when an act is about a person, their given_names, first_surname, second_surname, document_kind, document_number
and issuing_state: without them nobody's erasure reaches its file. Columns of `libros.csv`, which may be missing: organ, book, year, last.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from cancilleria.kernel.documents.actions import NotImportable, OldAct, OldPerson
from cancilleria.kernel.documents.rules import Refused
from cancilleria.site.imports.sheets import rows_of

ACTS, BOOKS = "actos.csv", "libros.csv"
NEEDED = {"number", "date", "organ", "verb"}
PERSON = tuple(field.name for field in fields(OldPerson))
MOST_BYTES = 64 * 1024 * 1024
SHEET = ".xlsx"
SHEETS = {
    "unreadable": "no es una hoja de cálculo que se pueda leer. Guárdela otra vez como XLSX, o como CSV UTF-8.",
    "too_costly": "es demasiado grande para leerla como hoja de cálculo. Guárdela como CSV UTF-8.",
    "malicious": "lleva un programa dañino y no se admite.",
    "unchecked": "ahora no se puede revisar: inténtelo otra vez en unos minutos.",
}


class BadFolder(ValueError):
    """The folder cannot be read at all; says what to mend."""


@dataclass(frozen=True)
class Row:
    """One line of a table, with the line of the file it stood on."""

    line: int
    given: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.given.get(name, "").strip()


@dataclass(frozen=True)
class Source:
    """A folder, the name of the system it comes from, and the name of the batch: the digest of its table."""

    folder: Path
    system: str
    batch: str
    rows: list[Row]
    books: list[Row]


def read(folder: Path, system: str) -> Source:
    """Raises BadFolder naming the file and what is missing in it."""
    if not folder.is_dir():
        raise BadFolder(f"{folder}: no es una carpeta. Indique la carpeta que contiene {ACTS}.")
    acts, books = _table(folder / ACTS), _table(folder / BOOKS)
    data = _bytes(acts)
    return Source(
        folder, system, hashlib.sha256(data).hexdigest()[:12], list(_rows(data, acts.name, NEEDED)),
        list(_rows(_bytes(books), books.name, {"organ", "book", "year", "last"})) if books.exists() else [],
    )  # fmt: skip


def act_of(source: Source, row: Row) -> OldAct:
    """Raises NotImportable when the date is none."""
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        raise NotImportable("bad_date") from None
    return OldAct(
        source.system,
        source.batch,
        row.line,
        row["number"],
        day,
        row["organ"],
        row["verb"],
        row["destination"],
        row["kind"],
    )


def person_of(row: Row) -> OldPerson | None:
    """Whom the row is about; None when it says nothing of a person."""
    given = {name: row[name] for name in PERSON}
    return OldPerson(**given) if any(given.values()) else None


def file_of(source: Source, row: Row) -> bytes | None:
    """The bytes of the row's file, None when it names none. Only files of the folder itself. Raises NotImportable."""
    name = row["file"]
    if not name:
        return None
    path = source.folder / name
    try:
        inside = path.resolve().parent == source.folder.resolve() and path.is_file()
    except (OSError, ValueError):
        inside = False
    if not inside:
        raise NotImportable("no_such_file")
    if path.stat().st_size > MOST_BYTES:
        raise NotImportable("file_too_big")
    return path.read_bytes()


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFolder(f"{path.name}: es demasiado grande. Divídalo en partes de menos de 64 MB.")
        return path.read_bytes()
    except OSError as error:
        raise BadFolder(f"{path.name}: no se puede leer. Debe estar en la carpeta.") from error


def _table(path: Path) -> Path:
    """The table as CSV, or the spreadsheet in its place."""
    sheet = path.with_suffix(SHEET)
    if path.exists() and sheet.exists():
        raise BadFolder(f"{path.name} y {sheet.name} están los dos en la carpeta. Deje solo el que vale.")
    return sheet if sheet.exists() else path


def _rows(data: bytes, name: str, needed: set[str]) -> Iterator[Row]:
    lines = _lines_of_sheet(data, name) if name.endswith(SHEET) else _lines_of_csv(data, name)
    head = next(lines, (1, []))[1]
    if not needed <= set(head):
        raise BadFolder(f"{name}: faltan columnas: {', '.join(sorted(needed - set(head)))}.")
    for number, cells in lines:
        if any(cells):
            yield Row(number, {key: value for key, value in zip(head, cells, strict=False) if key})


def _lines_of_sheet(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(rows_of(data), 1)
    except Refused as refused:
        raise BadFolder(f"{name}: {SHEETS.get(refused.code, SHEETS['unreadable'])}") from refused


def _lines_of_csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFolder(f"{name}: no está en UTF-8. Guárdelo como CSV UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise BadFolder(f"{name}: la línea {reader.line_num} no es de un CSV: {error}.") from error

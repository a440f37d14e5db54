"""The folder as it came: `actos.csv` with a row for each act, `libros.csv` with the last numbers, and the PDF they name.

Columns of `actos.csv`: number, date (2019-05-31), organ (its key), verb (`apostille.issued`), and optional file, destination,
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

ACTS, BOOKS = "actos.csv", "libros.csv"
NEEDED = {"number", "date", "organ", "verb"}
PERSON = tuple(field.name for field in fields(OldPerson))
MOST_BYTES = 64 * 1024 * 1024


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
    data = _bytes(folder / ACTS)
    books = folder / BOOKS
    return Source(
        folder, system, hashlib.sha256(data).hexdigest()[:12], list(_rows(data, ACTS, NEEDED)),
        list(_rows(_bytes(books), BOOKS, {"organ", "book", "year", "last"})) if books.exists() else [],
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


def _rows(data: bytes, name: str, needed: set[str]) -> Iterator[Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFolder(f"{name}: no está en UTF-8. Guárdelo como CSV UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    try:
        if not needed <= set(reader.fieldnames or ()):
            raise BadFolder(f"{name}: faltan columnas: {', '.join(sorted(needed - set(reader.fieldnames or ())))}.")
        for row in reader:
            yield Row(reader.line_num, {key: value for key, value in row.items() if key and isinstance(value, str)})
    except csv.Error as error:
        raise BadFolder(f"{name}: la línea {reader.line_num} no es de un CSV: {error}.") from error

"""A ministry's data as files: read with messages that name file and line, compared, loaded by key (DECISIONS 19)."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

Row = Mapping[str, object]
Parse = Callable[[str], object]


class BadProfile(ValueError):
    """A file of the profile cannot be used: the message names file, line and what to do."""


@dataclass(frozen=True)
class Difference:
    """What loading would do to one kind of row, by key."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    closed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.closed)


def compare(old: Mapping[str, Row], new: Mapping[str, Row]) -> Difference:
    """Keys to add, to change and to close. Nothing is ever deleted."""
    return Difference(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(key for key in new.keys() & old.keys() if dict(new[key]) != dict(old[key]))),
        tuple(sorted(old.keys() - new.keys())),
    )


def text(value: str) -> str:
    return value


def day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def hour(value: str) -> time:
    return time.fromisoformat(value)


def degrees(value: str) -> Decimal | None:
    return Decimal(value) if value else None


def numbers(value: str) -> list[int]:
    return [int(part) for part in value.split()]


def words(value: str) -> list[str]:
    """A set of words: their order says nothing."""
    return sorted(value.split())


def yes(value: str) -> bool:
    return {"si": True, "no": False}[value]


ORGAN_COLUMNS: Mapping[str, Parse] = {
    "key": text, "code": text, "kind": text, "parent": text, "country": text, "city": text, "zone": text,
    "weekend": numbers, "calendar": text, "opens": hour, "closes": hour, "latitude": degrees, "longitude": degrees,
    "opened_on": day, "closed_on": day, "name_es": text, "name_en": text, "accredited_to": words, "hosts": words,
    "source": text, "source_status": text,
}  # fmt: skip
# Columns a file may leave out: then every row has them empty.
OPTIONAL_COLUMNS: Mapping[str, Parse] = {"supervised_by": text}
DECREED_COLUMNS: Mapping[str, Parse] = {
    "calendar": text, "day": day, "working": yes, "reason": text, "source": text,
}  # fmt: skip


def read_csv(
    path: Path, columns: Mapping[str, Parse], optional: Mapping[str, Parse] = MappingProxyType({})
) -> Iterator[dict[str, object]]:
    """Rows with their values parsed. Raises BadProfile naming the line."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found = list(reader.fieldnames or ())
            if [name for name in found if name not in optional] != list(columns):
                raise BadProfile(f"{path.name}: se esperan las columnas {', '.join(columns)}")
            for row in reader:
                yield _parsed(path, reader.line_num, row, {**columns, **optional})
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadProfile(f"{path.name} no se puede leer: guárdelo como CSV en UTF-8 ({error})") from error


def read_toml(path: Path) -> dict[str, object]:
    """Raises BadProfile naming the line when the file is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadProfile(f"{path.name}: {error}") from error


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and bytes of every file of the profile, in order."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(
                path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()
            )
    return total.hexdigest()


def _parsed(path: Path, line: int, row: Mapping[str, str], columns: Mapping[str, Parse]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, parse in columns.items():
        try:
            found[name] = parse((row.get(name) or "").strip())
        except (ValueError, KeyError, ArithmeticError) as error:
            raise BadProfile(
                f"{path.name}, línea {line}: {name} no puede ser {row.get(name)!r}. Corríjalo y repita."
            ) from error
    return found


def by_key(rows: Sequence[Row], path: Path) -> dict[str, Row]:
    """Rows by their key. Raises BadProfile when a key is given twice."""
    found: dict[str, Row] = {}
    for row in rows:
        key = str(row["key"])
        if key in found:
            raise BadProfile(f"{path.name}: la clave {key} está dos veces. Las claves se dan una vez y para siempre.")
        found[key] = row
    return found

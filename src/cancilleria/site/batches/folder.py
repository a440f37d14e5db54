"""What a folder holds: its PDFs, and the data its manifest gives for each. Pure but for reading the folder."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MANIFEST = "manifest.csv"
FILE = "archivo"
# Columns of the manifest, and the question of the procedure that each answers.
COLUMNS: Mapping[str, str] = {
    "destino": "destination", "tipo": "kind", "nombres": "given_names", "primer_apellido": "first_surname",
    "segundo_apellido": "second_surname", "documento": "document_kind", "numero": "document_number",
    "pais": "issuing_state", "correo": "email",
}  # fmt: skip
CHUNK = 1 << 20


class BadFolder(ValueError):
    """Nothing can be brought in from this folder; the message says why and what to do."""


@dataclass(frozen=True)
class Listed:
    """A file of the batch. `fault` says why it is not even opened."""

    path: Path
    answers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def listed(folder: Path, defaults: Mapping[str, str]) -> list[Listed]:
    """The files of a folder by name, with the manifest's data over the defaults. Raises BadFolder."""
    if not folder.is_dir():
        raise BadFolder(f"No existe la carpeta {folder}. Revise la ruta.")
    rows = _manifest(folder / MANIFEST)
    names = {p.name for p in folder.iterdir() if p.suffix.lower() == ".pdf"} | set(rows)
    if not names:
        raise BadFolder(f"En {folder} no hay ningún PDF. Ponga allí los documentos firmados.")
    return [_listed(folder, name, {**defaults, **rows.get(name, {})}) for name in sorted(names)]


def digest_of(path: Path) -> str:
    """SHA-256 of a file of any size, a piece at a time."""
    found = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


def _listed(folder: Path, name: str, answers: Mapping[str, str]) -> Listed:
    path = folder / name
    if Path(name).name != name:
        return Listed(path, answers, "El manifiesto nombra un archivo fuera de la carpeta. Escriba solo su nombre.")
    if path.is_symlink() or not path.is_file():
        return Listed(path, answers, "El manifiesto lo nombra y no está en la carpeta. Añádalo o quite su línea.")
    return Listed(path, answers)


def _manifest(path: Path) -> dict[str, dict[str, str]]:
    """What the manifest gives for each file; empty cells leave the default."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFolder(f"{path} no está en UTF-8. Guárdelo como «CSV UTF-8» y repita.") from error
    rows: dict[str, dict[str, str]] = {}
    for line, row in _rows(text, path):
        name = row.pop(FILE)
        if name in rows:
            raise BadFolder(f"{path}, línea {line}: «{name}» aparece dos veces. Deje una sola línea para cada archivo.")
        rows[name] = {COLUMNS[column]: text for column, text in row.items() if text}
    return rows


def _rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    # Spreadsheets of Spanish systems write semicolons.
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    strange = set(reader.fieldnames or ()) - {FILE, *COLUMNS}
    if strange or FILE not in (reader.fieldnames or ()):
        known = ", ".join([FILE, *COLUMNS])
        raise BadFolder(f"{path}: las columnas son {known}. Revise: {', '.join(sorted(strange)) or 'falta archivo'}.")
    for row in reader:
        if None in row or None in row.values():
            raise BadFolder(f"{path}, línea {reader.line_num}: no tiene tantos datos como columnas. Corríjala.")
        yield reader.line_num, {column: value.strip() for column, value in row.items()}

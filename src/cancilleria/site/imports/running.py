"""Takes the rows of a folder over one by one: a bad one is told and the others go on; run again, it goes on where it stopped."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import DataError, transaction

from cancilleria.kernel.documents.actions import NotImportable, begin_book, import_act
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.models import BookStart
from cancilleria.site.imports.folder import Row, Source, act_of, file_of, person_of

DONE, AGAIN, REFUSED = "aceptada", "ya estaba", "rechazada"
PROBLEMS: Mapping[str, str] = {
    "no_such_organ": "No existe ese órgano. Escriba su clave, como en organs.csv.",
    "no_such_verb": "No existe ese acto. Escriba su código, por ejemplo apostille.issued.",
    "not_numbered": "Ese acto no lleva número de libro: no se importa.",
    "bad_number": "El número está vacío, es muy largo o tiene caracteres que no se ven.",
    "bad_date": "La fecha no se entiende. Escríbala como 2019-05-31.",
    "to_come": "La fecha está por venir.",
    "other_content": "Ese número ya se importó con otro contenido: compruebe cuál es el bueno.",
    "no_such_file": "El archivo no está en la carpeta.",
    "bad_person": "Los datos de la persona están incompletos o no se entienden. Escriba nombres, primer apellido, clase de "
    "documento (su clave en profile.toml), número y Estado que lo emitió (dos letras), o deje vacías las seis columnas.",
    "file_too_big": "El archivo pesa más de 64 MB.",
    "no_such_book": "No existe ese libro.",
    "nothing_to_carry": "El último número debe ser 1 o más.",
    "book_in_use": "En ese libro ya se numeró aquí: no puede empezar después.",
    "bad_row": "La fila no se pudo importar: tiene caracteres que no se admiten.",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one row: its line, its number, one of DONE, AGAIN and REFUSED, and why."""

    line: int
    number: str
    result: str
    reason: str = ""


def run(
    source: Source, actor: Actor, *, dry_run: bool = False, told: Callable[[int], None] = lambda _: None
) -> list[Outcome]:
    """Each row in a transaction of its own; with `dry_run` nothing stays. `told` hears how many rows are done."""
    found: list[Outcome] = []
    for outcome in _outcomes(source, actor, dry_run=dry_run):
        found.append(outcome)
        told(len(found))
    return found


def write_report(outcomes: list[Outcome], path: Path) -> None:
    """Line, number, result, reason. Whole or not at all: it replaces the one before."""
    staging = path.with_name(path.name + ".nuevo")
    with staging.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["fila", "numero", "resultado", "motivo"])
        # A number that begins as a formula would is given as text to whoever opens it in a spreadsheet.
        writer.writerows([o.line, _plain(o.number), o.result, o.reason] for o in outcomes)
    staging.replace(path)


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _outcomes(source: Source, actor: Actor, *, dry_run: bool) -> Iterator[Outcome]:
    for row in source.books:
        yield _tried(lambda r=row: _carry(actor, r), row, row["last"], dry_run=dry_run)  # type: ignore[misc]
    for row in source.rows:
        yield _tried(lambda r=row: _take(source, actor, r), row, row["number"], dry_run=dry_run)  # type: ignore[misc]


def _tried(act: Callable[[], bool], row: Row, number: str, *, dry_run: bool) -> Outcome:
    try:
        with transaction.atomic():
            new = act()
            transaction.set_rollback(dry_run)
    except NotImportable as error:
        return Outcome(row.line, number, REFUSED, PROBLEMS[error.code])
    except Refused as error:
        return Outcome(row.line, number, REFUSED, str(error.message))
    except (ValueError, DataError):
        return Outcome(row.line, number, REFUSED, PROBLEMS["bad_row"])
    return Outcome(row.line, number, DONE if new else AGAIN)


def _take(source: Source, actor: Actor, row: Row) -> bool:
    made = import_act(
        actor=actor, act=act_of(source, row), data=file_of(source, row), title=row["file"], person=person_of(row)
    )
    return made is not None


def _carry(actor: Actor, row: Row) -> bool:
    """Begin a book where its own ended; False when this very start was made before."""
    organ = Organ.objects.filter(pk=row["organ"]).first()
    if organ is None:
        raise NotImportable("no_such_organ")
    year, last = int(row["year"]), int(row["last"])
    if carried(organ.key, row["book"], year) == last:
        return False
    begin_book(actor=actor, organ=organ, kind=row["book"], year=year, after=last)
    return True


def carried(organ: str, book: str, year: int) -> int | None:
    """The number after which a book goes on, None when it began at one."""
    return BookStart.objects.filter(organ=organ, kind=book, year=year).values_list("after", flat=True).first()

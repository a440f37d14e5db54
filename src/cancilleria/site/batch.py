"""Sends a folder of an entity's signed files as one batch: resumable, file by file, with a report beside them.

What is said of each file stands in `manifest.csv`, or is the same for all. The batch's id is kept in the folder: sent again,
after a cut or with more files, it goes on; bytes that are in already stay the case they are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Q
from django.utils import translation

from cancilleria.domains.apostille import actions
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.procedures import APOSTILLE
from cancilleria.domains.apostille.rules import BATCH_PROBLEMS
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import Page, Problem
from cancilleria.kernel.cases.queries import number_of, tracking_code
from cancilleria.kernel.documents.rules import MAX_BYTES, REFUSALS
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.people.rules import fold
from cancilleria.services.ui.cells import cell

MANIFEST, MARK, REPORT, SUMMARY = "manifest.csv", "lote.json", "informe.csv", "informe.txt"
ASKED = tuple(f for f in APOSTILLE.fields() if not f.attached)
COLUMNS = ("file", *(f.name for f in ASKED))
Told = Callable[[int, int], None]


class CannotSend(ValueError):
    """Nothing of the folder can be sent: the message says what to do."""


@dataclass(frozen=True)
class Line:
    """What became of one file: number and code of its case, with which it is followed and downloaded, or why it has none."""

    file: str
    sha256: str
    number: str
    reason: str
    code: str = ""


def entity_of(text: str) -> Entity:
    """The entity of a key, or of a name. Raises CannotSend."""
    found = list(Entity.objects.filter(Q(pk=text) | Q(folded_name=fold(text)))[:2])
    if len(found) != 1:
        raise CannotSend(f"No hay una entidad {text!r}. Vea las claves con «cancilleria apostille entities».")
    return found[0]


def send(folder: Path, entity: Entity, same: Mapping[str, str], *, told: Told) -> list[Line]:
    """Send every PDF of the folder and write the report there. `same` are answers that hold for all; `told` hears how far it is.

    Raises CannotSend when there is nothing to send, the manifest cannot be read, or the folder holds another's batch.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".pdf" and path.is_file())
    if not files:
        raise CannotSend(f"En {folder} no hay archivos PDF.")
    said, actor = manifest_in(folder), Actor(entity.key, name=entity.name)
    batch = actions.open_batch(actor=actor, batch=_mark(folder, entity), entity=entity, files=len(files))
    lines: dict[str, Line] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        work = [pool.submit(_one, actor, batch, path, _answers(said, path.name, same)) for path in files]
        try:
            for done in as_completed(work):
                line = done.result()
                lines[line.file] = line
                told(len(lines), len(files))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    actions.close_batch(actor=actor, batch=batch)
    absent = [
        Line(name, "", "", "Figura en manifest.csv y no está en la carpeta.")
        for name in sorted((said or {}).keys() - lines.keys())
    ]
    found = [*(lines[path.name] for path in files), *absent]
    _report(folder, entity, found)
    return found


def _one(actor: Actor, batch: Batch, path: Path, answers: Mapping[str, str] | None) -> Line:
    """One file, in a transaction of its own. Whatever is wrong with it is its own matter."""
    try:
        with translation.override("es"):
            item = _send(actor, batch, path, answers)
            if item.case is None:
                return Line(path.name, item.sha256, "", item.message)
            return Line(path.name, item.sha256, number_of(item.case), "", tracking_code(item.case.pk))
    except OSError as error:
        return Line(path.name, "", "", f"No se pudo leer: {error.strerror}. Revise el archivo y repita el envío.")
    finally:
        connection.close()


def _send(actor: Actor, batch: Batch, path: Path, answers: Mapping[str, str] | None) -> BatchItem:
    problem = Problem("", "unlisted", BATCH_PROBLEMS["unlisted"]) if answers is None else _problem(answers)
    if path.stat().st_size > MAX_BYTES:
        problem = Problem("", "too_big", REFUSALS["too_big"])
    if problem is not None:
        return actions.refuse_item(actor=actor, batch=batch, name=path.name, sha256=_digest(path), problem=problem)
    return actions.submit_item(actor=actor, batch=batch, name=path.name, data=path.read_bytes(), answers=answers or {})


def _problem(answers: Mapping[str, str]) -> Problem | None:
    """The first answer that cannot be used, in words."""
    form = form_for(Page("lote", "", ASKED), data=answers)
    if form.is_valid():
        return None
    name, errors = next(iter(form.errors.items()))
    return Problem(name, "missing", f"{name}: {errors[0]}")


def _answers(said: Mapping[str, Mapping[str, str]] | None, name: str, same: Mapping[str, str]) -> dict[str, str] | None:
    """What is said of a file; None when there is a manifest that does not name it."""
    if said is not None and name not in said:
        return None
    own = {column: text for column, text in (said or {}).get(name, {}).items() if text and column != "file"}
    return dict.fromkeys(COLUMNS[1:], "") | dict(same) | own


def manifest_in(folder: Path) -> dict[str, dict[str, str]] | None:
    """The manifest by file, None without one. Raises CannotSend naming what is wrong."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, restkey="", restval="")
            strange = set(rows.fieldnames or ()) - set(COLUMNS)
            if strange or "file" not in (rows.fieldnames or ()):
                raise CannotSend(
                    f"{MANIFEST}: sobran o faltan columnas {sorted(strange)}. Se esperan: {', '.join(COLUMNS)}."
                )
            return {row["file"].strip(): _whole(row, rows.line_num) for row in rows}
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotSend(f"{MANIFEST} no se puede leer: guárdelo como CSV en UTF-8 ({error}).") from error


def _whole(row: Mapping[str, str], line: int) -> dict[str, str]:
    """A row's cells. Raises CannotSend when it has more of them than there are columns."""
    if "" in row:
        raise CannotSend(
            f"{MANIFEST}, línea {line}: tiene más celdas que columnas. Ponga entre comillas lo que lleva comas."
        )
    return {column: text.strip() for column, text in row.items()}


def _mark(folder: Path, entity: Entity) -> uuid.UUID:
    """The batch's id, made the first time and kept in the folder."""
    path, kept = folder / MARK, mark_in(folder)
    if kept is None:
        kept = uuid.uuid4(), entity.key
        fresh = path.with_suffix(".nuevo")
        fresh.write_text(json.dumps({"batch": str(kept[0]), "entity": entity.key}), encoding="utf-8")
        fresh.replace(path)
    if kept[1] != entity.key:
        raise CannotSend(f"{folder} es un lote de otra entidad. Use otra carpeta.")
    return kept[0]


def mark_in(folder: Path) -> tuple[uuid.UUID, str] | None:
    """The batch that was sent from this folder, and whose it is; None before the first time. Raises CannotSend."""
    path = folder / MARK
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return uuid.UUID(kept["batch"]), str(kept["entity"])
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CannotSend(f"{path} está dañado: bórrelo para empezar otro lote.") from error


def _report(folder: Path, entity: Entity, lines: Sequence[Line]) -> None:
    # It holds codes: only its owner reads it.
    private = os.open(folder / REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["archivo", "sha256", "expediente", "codigo", "motivo"])
        rows.writerows([cell(line.file), line.sha256, line.number, line.code, cell(line.reason)] for line in lines)
    (folder / SUMMARY).write_text("\n".join(_summary(entity, lines)) + "\n", encoding="utf-8")


def _summary(entity: Entity, lines: Sequence[Line]) -> Iterator[str]:
    taken = sum(bool(line.number) for line in lines)
    yield f"Lote de {entity.name}: {len(lines)} archivos, {taken} solicitudes presentadas, {len(lines) - taken} sin presentar."
    yield from (f"  {line.file}: {line.reason}" for line in lines if not line.number)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

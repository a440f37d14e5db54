"""The list of erasures: one line for each, in a file of its own that no base copy holds (DECISIONS 9). A restore to an
earlier instant brings back the newest list.

A line holds a random key, a code, a moment and the digests of the files that went: nothing of the person. After a restore
`cancilleria erasures replay` does again what the backup no longer knows, and takes away the files that came back with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from cancilleria.kernel.cases.actions.erasure import erase_again
from cancilleria.kernel.documents.doors import blobs
from cancilleria.kernel.documents.intake import UPLOADS_LOCK
from cancilleria.kernel.documents.models import Blob
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.register.actions import Recorded
from cancilleria.kernel.register.models import Entry, Withheld

NAME = "supresiones.jsonl"
AGAIN = "suprimida otra vez: {cases} expedientes, {entries} asientos, {rows} filas y {files} archivos"
DONE, UNKNOWN = "ya estaba suprimida en esta base", "no consta en esta base"


@dataclass(frozen=True)
class Line:
    """One erasure: whose, why, and the digests of the files that went. Lines of before say none."""

    subject: str
    cause: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErasureFile:
    """The kernel's door `erasure_list`, as a file of the installation's folder."""

    path: Path

    def add(self, subject: str, cause: str, files: Sequence[str] = ()) -> None:
        text = self._text()
        if Line(subject, cause, tuple(files)) in _lines_in(text):
            return
        at = timezone.now().isoformat(timespec="seconds")
        line = json.dumps({"subject": subject, "cause": cause, "at": at, "files": list(files)})
        with self.path.open("a", encoding="ascii") as file:
            torn = text != "" and not text.endswith("\n")
            file.write("\n" * torn + line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> Iterator[Line]:
        """Oldest first. A line cut short by a full disk or a power failure is passed over."""
        return _lines_in(self._text())

    def _text(self) -> str:
        return self.path.read_text(encoding="ascii") if self.path.exists() else ""


def _lines_in(text: str) -> Iterator[Line]:
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        yield Line(str(found["subject"]), str(found["cause"]), tuple(found.get("files", ())))


@dataclass(frozen=True)
class Replayed:
    """What became of each line, in words; how many were done again; how many files that had come back were taken away."""

    told: tuple[str, ...]
    again: int
    files: int


def replay(found: ErasureFile) -> Replayed:
    """Bring a restored database and its files to the list. May run any number of times."""
    told, again, files = [], 0, 0
    for line in list(found.lines()):
        done = erase_again(actor=SYSTEM, subject=line.subject, cause=line.cause)
        told.append(f"{line.subject} ({line.cause}): {_became(line, done)}")
        again += done is not None
        files += _take_away(line.files)
    return Replayed(tuple(told), again, files)


def _became(line: Line, done: Recorded | None) -> str:
    if done is not None:
        facts: Mapping[str, object] = Entry.objects.get(pk=done.id).facts
        return AGAIN.format(**facts)
    return DONE if Withheld.objects.filter(subject=line.subject).exists() else UNKNOWN


def _take_away(files: Sequence[str]) -> int:
    """Bytes that nobody refers to here, which the copies of files brought back. Those of somebody else stay."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UPLOADS_LOCK])
        kept = set(Blob.objects.filter(pk__in=files).values_list("pk", flat=True))
        return sum(_delete(sha256) for sha256 in files if sha256 not in kept)


def _delete(sha256: str) -> bool:
    try:
        blobs().get(sha256)
    except FileNotFoundError:
        return False
    blobs().delete(sha256)
    return True

"""Checks the register again with code of its own: it shares nothing with the writers but the formats.

What it finds is listed, never mended. Runs as a process apart (`cancilleria check`) with rights to read only, over one
snapshot of the database, so that acts recorded meanwhile are no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from cancilleria.kernel.register.checker.entries import check_entry, check_files, check_numbers, entries
from cancilleria.kernel.register.checker.findings import Finding, raw
from cancilleria.kernel.register.checker.notes import Keys
from cancilleria.kernel.register.checker.published import Log, check_log

__all__ = ["Finding", "Log", "check", "check_numbers"]
PATIENCE_SECONDS = 10.0


def check(
    *,
    origin: str,
    public_keys: Sequence[bytes],
    folder: Path,
    files: Callable[[str], bool] | None = None,
    closed: Sequence[Log] = (),
    witnesses: Mapping[str, Sequence[bytes]] | None = None,
    seen: int = 0,
    patience: float = PATIENCE_SECONDS,
) -> list[Finding]:
    """Everything that can be checked. `files(sha256)` tells whether a document's bytes are there, whole.

    `public_keys` are the log's raw Ed25519 keys, the present one and those it had; `witnesses`, those of each witness by its
    name, or None when their words are not judged; `seen`, how many leaves a witness is remembered to have cosigned. `closed`
    are logs this node wrote before. A witness's word that the database has is waited for `patience` seconds in what is
    published. Empty list: every entry, number, leaf, head, tile, file and published head agrees.
    """
    logs = (Log(origin, public_keys, folder, seen=seen), *closed)
    shown = [log.published() for log in logs]  # before the rows, which are never behind it
    placed: dict[str, dict[int, bytes]] = {}
    found: list[Finding] = []
    with _snapshot():
        for row in entries():
            found += check_entry(row)
            if row["index"] is not None:
                placed.setdefault(str(row["log"]), {})[int(str(row["index"]))] = raw(row["placed"])
            if files is not None:
                found += check_files(row, files)
        found += check_numbers()
        for log, head in zip(logs, shown, strict=True):
            keys = Keys(log.origin, log.public_keys, witnesses)
            found += check_log(log, keys, head, placed.pop(log.origin, {}), patience)
    return found + [
        Finding("registro", name, f"{len(leaves)} hojas de un registro que nadie conoce")
        for name, leaves in placed.items()
    ]


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of all rows, unless the caller holds a transaction already."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

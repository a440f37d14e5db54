"""A base copy of the embedded database, taken while it works, by PostgreSQL's own program."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cancilleria.site.backup.place import RECORD, Base, Place
from cancilleria.site.database import journal, server
from cancilleria.site.database.binaries import programs_for, unprivileged_account
from cancilleria.site.keys import write_secret


class CannotBackUp(RuntimeError):
    """The copy was not made; the message says why and what to do."""


def take(cluster: server.Cluster, place: Place, about: Mapping[str, object]) -> Base:
    """Copy the database to a new folder of `place`. Raises CannotBackUp and leaves nothing half-made behind."""
    began = datetime.now(UTC)
    folder = place.folder / "bases" / began.strftime("%Y%m%dT%H%M%S.%fZ")
    folder.mkdir(parents=True, mode=0o700)
    try:
        told = _program(cluster, "pg_basebackup", "-D", str(folder / "datos"), *("-X", "stream", "-c", "fast"))
        if told:
            raise CannotBackUp(f"PostgreSQL no pudo copiar la base: {told}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    ended = datetime.now(UTC)
    record = {"began": began.isoformat(), "ended": ended.isoformat(), **about}
    write_secret(folder / RECORD, json.dumps(record, indent=1).encode())
    return Base(folder, ended)


def is_whole(base: Base) -> str:
    """Empty when every file is the one that was copied (PostgreSQL's manifest); else what is wrong."""
    program = programs_for(unprivileged_account()) / "pg_verifybackup"
    command = [str(program), "--quiet", "--no-parse-wal", str(base.folder / "datos")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
    return (done.stderr.strip() or "pg_verifybackup falló") if done.returncode else ""


def open_archive(place: Place) -> None:
    """Make the archive's folder. Raises CannotBackUp where the server's account cannot have it."""
    try:
        journal.make_folder(place.journal)
    except OSError as error:
        raise CannotBackUp(f"No se puede escribir en {place.journal}: {error.strerror}. Elija otra carpeta.") from error


def _program(cluster: server.Cluster, name: str, *arguments: str) -> str:
    """Run a client program as the operator; returns its complaint, empty when it did its work."""
    with server.open_folder(cluster.socket) as descriptor:
        done = subprocess.run(
            [str(programs_for(unprivileged_account()) / name), "-h", f"/proc/self/fd/{descriptor}", "-U", "postgres", "-w",
             *arguments],
            pass_fds=[descriptor], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}, cwd=Path("/"),
        )  # fmt: skip
    return (done.stderr.strip()[-1000:] or f"{name} terminó con {done.returncode}") if done.returncode else ""

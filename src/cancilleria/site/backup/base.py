"""A base copy of the database, the embedded one or that of another server, taken while it works by PostgreSQL's program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cancilleria.site.backup.place import RECORD, Base, Place
from cancilleria.site.database import journal, server
from cancilleria.site.database.binaries import programs_for, unprivileged_account
from cancilleria.site.keys import write_secret

ABSENT = """La base está en otro servidor y no se dijo cómo copiarla: no se copió nada. Dos salidas (docs/recipes/restore.md, «Another PostgreSQL»):
  1. indique en DATABASE_REPLICATION_URL un rol con REPLICATION de ese servidor, y repita;
  2. cópiela con sus propias herramientas, y pida aquí solo lo demás con --files-only."""


class CannotBackUp(RuntimeError):
    """The copy was not made; the message says why and what to do."""


def take(cluster: server.Cluster, place: Place, about: Mapping[str, object]) -> Base:
    """Copy the embedded database to a new folder of `place`. Raises CannotBackUp and leaves nothing half-made behind."""
    return _take(place, about, lambda words: _program(cluster, "pg_basebackup", *words))


def take_from(url: str, place: Place, about: Mapping[str, object]) -> Base:
    """The same of another server, by a role that may replicate: every database of it. Raises CannotBackUp.

    Its archive is its own affair: the copy holds what is needed to restore the moment it ended.
    """
    given = conninfo_to_dict(url)
    password = str(given.pop("password", "") or "")
    given.pop("dbname", None)
    # The distribution's program speaks TLS, the wheel's does not; a password on a command line would be read by others.
    program = shutil.which("pg_basebackup") or str(programs_for(unprivileged_account()) / "pg_basebackup")
    environment = {**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    command = [program, "-w", "-d", make_conninfo(**given)]
    base = _take(place, {**about, "server": "another"}, lambda words: _complaint([*command, *words], environment))
    if fault := is_whole(base):
        shutil.rmtree(base.folder)
        raise CannotBackUp(f"La copia no salió entera: {fault}")
    return base


def _take(place: Place, about: Mapping[str, object], copy: Callable[[tuple[str, ...]], str]) -> Base:
    began = datetime.now(UTC)
    folder = place.folder / "bases" / began.strftime("%Y%m%dT%H%M%S.%fZ")
    folder.mkdir(parents=True, mode=0o700)
    try:
        told = copy(("-D", str(folder / "datos"), "-X", "stream", "-c", "fast"))
        if told:
            raise CannotBackUp(f"PostgreSQL no pudo copiar la base: {told}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    ended = datetime.now(UTC)
    record = {"began": began.isoformat(), "ended": ended.isoformat(), **about}
    write_secret(folder / RECORD, json.dumps(record, indent=1).encode())
    return Base(folder, ended, "server" in about)


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


def _complaint(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(environment), cwd=Path("/"))
    return (done.stderr.strip()[-1000:] or f"{command[0]} terminó con {done.returncode}") if done.returncode else ""

"""The way back: a base copy and the archive, up to an instant, into an installation that has no data yet."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from cancilleria.kernel.register.note import Checkpoint, Note, NoteError
from cancilleria.site.backup.base import is_whole
from cancilleria.site.backup.place import Base, Place, copy_files
from cancilleria.site.database import journal, server
from cancilleria.site.database.binaries import unprivileged_account
from cancilleria.site.database.connection import NAME

PATIENCE_SECONDS = 3600.0
HEADS = "SELECT coalesce(max(size), 0) FROM register_checkpoint"
STATE = "SELECT pg_is_in_recovery()"


FOREIGN = (
    "La copia {folder} es de un servidor PostgreSQL {version}: póngala en marcha con sus programas, indíquela en DATABASE_URL "
    "y repita; falta lo demás (docs/recipes/restore.md, «Another PostgreSQL»)."
)


class CannotRestore(RuntimeError):
    """Nothing was restored, or not to the instant asked for; the message says what to do."""


@dataclass(frozen=True)
class Restored:
    """From which base, by name; how many leaves the rows have and how many were published: more of them is a gap (DECISIONS 7)."""

    base: str
    rows: int
    published: int
    files: int


def restore(place: Place, home: Path, until: datetime | None) -> Restored:
    """Bring database, files and log to `home`. With `until` None, as far as the archive goes. Raises CannotRestore."""
    base = _choose(place, until)
    if base.foreign:
        version = (base.folder / "datos" / "PG_VERSION").read_text().strip()
        raise CannotRestore(FOREIGN.format(folder=base.folder / "datos", version=version))
    _refuse_used(home)
    cluster = server.Cluster(home / "postgresql", journal.Recovery(place.journal, until.isoformat() if until else ""))
    if fault := is_whole(base):
        raise CannotRestore(f"La copia {base.folder.name} está dañada: {fault}")
    files = copy_files(place.files, home)
    _bring(base.folder / "datos", cluster)
    rows = _recover(cluster)
    return Restored(base.folder.name, rows, published_size(home), files)


def restore_beside(place: Place, home: Path, url: str) -> Restored:
    """Bring files and log to `home`, beside a database at `url` that was restored with its own programs. Raises CannotRestore."""
    _refuse_used(home)
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(HEADS).fetchone()
    except psycopg.Error as error:
        raise CannotRestore(f"No se puede leer la base de DATABASE_URL: recupérela primero. {error}") from error
    files = copy_files(place.files, home)
    return Restored("DATABASE_URL", int(row[0]) if row else 0, published_size(home), files)


def _refuse_used(home: Path) -> None:
    if (home / "postgresql" / "datos").exists() or (home / "archivos").exists():
        raise CannotRestore(f"{home} ya tiene datos y no se tocan: indique en CANCILLERIA_HOME una carpeta vacía.")


def _choose(place: Place, until: datetime | None) -> Base:
    found = [base for base in place.bases() if until is None or base.ended <= until]
    if not found:
        told = f" anterior a {until.isoformat()}" if until else ""
        raise CannotRestore(f"En {place.folder} no hay ninguna copia de la base{told}.")
    return found[-1]


def _bring(source: Path, cluster: server.Cluster) -> None:
    cluster.base.mkdir(parents=True, mode=0o700)
    shutil.copytree(source, cluster.data, symlinks=True)
    (cluster.data / "recovery.signal").touch()
    account = unprivileged_account()
    if not account.is_current:
        for folder, _, names in os.walk(cluster.data):
            for path in (folder, *(os.path.join(folder, name) for name in names)):
                os.chown(path, account.uid, account.gid)
    cluster.data.chmod(0o700)


def _recover(cluster: server.Cluster) -> int:
    """Start, wait until the server has read its archive and writes again, stop. Returns the size of the log in rows."""
    if cluster.journal is not None:
        journal.make_folder(cluster.journal.folder)
    try:
        process = server.start(cluster)
    except server.ServerDidNotStart as error:
        raise CannotRestore(_why(cluster)) from error
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _in_recovery(cluster):
            if process.poll() is not None or time.monotonic() > deadline:
                raise CannotRestore(_why(cluster))
            time.sleep(0.2)
        with server.connect(cluster, database=NAME) as connection:
            row = connection.execute(HEADS).fetchone()
            return int(row[0]) if row else 0
    finally:
        server.stop(process)


def _in_recovery(cluster: server.Cluster) -> bool:
    try:
        with server.connect(cluster) as connection:
            row = connection.execute(STATE).fetchone()
    except psycopg.OperationalError:
        return True
    return bool(row and row[0])


def _why(cluster: server.Cluster) -> str:
    told = cluster.log.read_text(errors="replace")[-2000:]
    if "before configured recovery target was reached" in told:
        return "El archivo no llega a esa hora: la base no se recuperó. Vacíe la carpeta y use una hora anterior o --latest."
    return f"PostgreSQL no pudo recuperar la base:\n{told}"


def published_size(home: Path) -> int:
    """Size of the newest head in the published log of `home`; 0 when there is none."""
    sizes = [0]
    for path in home.glob("registro*/checkpoint"):
        try:
            sizes.append(Checkpoint.parse(Note.parse(path.read_text()).text).size)
        except (NoteError, UnicodeDecodeError):
            continue
    return max(sizes)

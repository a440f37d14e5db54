"""`cancilleria restore DIR --to-time T | --latest`: an installation again, from its backup, in an empty folder."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from cancilleria.site.backup import sealed
from cancilleria.site.backup.place import Place
from cancilleria.site.backup.restoring import CannotRestore, Restored, restore, restore_beside
from cancilleria.site.commands.backup import passphrase
from cancilleria.site.environment import read
from cancilleria.site.supervisor import PROGRAM

BEHIND = """
El registro publicado tiene {published} asientos y la base recuperada {rows}: faltan del {rows} al {last}.
No inicie el servicio todavía: al firmar se bifurcaría el registro, y por eso no firma. Dos salidas (docs/recipes/restore.md):
  1. traer las hojas que faltan de otra copia:  cancilleria log bring ARCHIVO
  2. cerrar este registro y abrir otro origen:  cancilleria log close
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="carpeta de las copias")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument(
        "--to-time", type=_instant, metavar="T", help="hora con zona, por ejemplo 2026-11-25T10:30:00-05:00"
    )
    when.add_argument("--latest", action="store_true", help="hasta donde llegue el archivo")
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="copia cifrada de las claves, si no están ya en la carpeta"
    )
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="archivo con la frase de las claves")


def run(parsed: argparse.Namespace) -> int:
    """0 when everything agrees, 1 when nothing was restored or the check finds something, 3 when the log is behind."""
    found = read(os.environ)
    home, place, url = (
        Path(str(found["CANCILLERIA_HOME"])),
        Place(Path(parsed.folder).resolve()),
        str(found["DATABASE_URL"]),
    )
    try:
        _bring_keys(parsed, home)
        done = restore_beside(place, home, url) if url else restore(place, home, parsed.to_time)
    except (CannotRestore, sealed.CannotOpen, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Recuperada de la copia {done.base}: {done.rows} asientos en el registro, {done.files} archivos.")
    return _afterwards(done)


def _afterwards(done: Restored) -> int:
    # What was erased after the copy is erased again before anybody looks.
    replayed = subprocess.run([*PROGRAM, "erasures", "replay"], check=False).returncode
    checked = subprocess.run([*PROGRAM, "check"], check=False).returncode
    if done.published > done.rows:
        print(BEHIND.format(published=done.published, rows=done.rows, last=done.published - 1))
        return 3
    return 1 if checked or replayed else 0


def _bring_keys(parsed: argparse.Namespace, home: Path) -> None:
    if (home / "claves" / "base.json").exists():
        return
    if parsed.keys is None:
        raise CannotRestore(
            f"Faltan las claves: ponga su copia cifrada con --keys, o la carpeta «claves» en {home}. "
            "Sin ellas el registro sería otro."
        )
    sealed.unseal(parsed.keys, home / "claves", passphrase(parsed.passphrase_file))


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("falta la zona: por ejemplo -05:00 o Z")
    return found

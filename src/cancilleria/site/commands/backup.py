"""`cancilleria backup DIR`: a base copy, what is new of the files and the log, and the keys apart."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from cancilleria.site.backup import base, sealed, verification
from cancilleria.site.backup.place import Place, copy_files
from cancilleria.site.database import server
from cancilleria.site.database.connection import cluster_for
from cancilleria.site.environment import read
from cancilleria.site.supervisor import is_served


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="carpeta de las copias, en otro disco")
    parser.add_argument(
        "--keys", type=Path, metavar="DIR", help="carpeta, en otro lugar, para la copia cifrada de las claves"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="archivo con la frase que cifra las claves"
    )
    parser.add_argument(
        "--verify", action="store_true", help="recupera la última copia en una carpeta temporal y la revisa"
    )


def run(parsed: argparse.Namespace) -> int:
    """0 when the copy is whole, 1 when it was not made or does not restore."""
    found = read(os.environ)
    home, place = Path(str(found["CANCILLERIA_HOME"])), Path(parsed.folder).resolve()
    if parsed.verify:
        result = verification.verify(home, Place(place), cluster_for(found))
        print(result.told)
        return 0 if result.good else 1
    try:
        _back_up(parsed, found, home, Place(place))
    except (base.CannotBackUp, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _back_up(parsed: argparse.Namespace, found: dict[str, object], home: Path, place: Place) -> None:
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = _place_of_keys(parsed, place)
    if found["DATABASE_URL"]:
        print("La base está en otro servidor: cópiela con sus propias herramientas (docs/recipes/restore.md).")
    else:
        base.open_archive(place)
        print(f"Base de datos: {_take_base(found, place)}")
    print(f"Archivos y registro: {copy_files(home, place.files)} nuevos o cambiados")
    if keys is None:
        print("Las claves NO están en esta copia. Guárdelas en otro lugar con --keys: sin ellas nada de esto sirve.")
        return
    target = keys / f"claves-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sellado"
    print(f"Claves: {sealed.seal(home / 'claves', target, passphrase(parsed.passphrase_file))} cifradas en {target}")


def _take_base(found: dict[str, object], place: Place) -> str:
    cluster = cluster_for(found)
    if not cluster.data.exists():
        raise base.CannotBackUp(f"En {found['CANCILLERIA_HOME']} no hay datos todavía: inicie con «make serve».")
    with server.running(cluster, served=is_served(Path(str(found["CANCILLERIA_HOME"])))):
        return base.take(cluster, place, {"profile": found["CANCILLERIA_PROFILE"]}).folder.name


def _place_of_keys(parsed: argparse.Namespace, place: Place) -> Path | None:
    if parsed.keys is None:
        return None
    keys = Path(parsed.keys).resolve()
    if keys == place.folder or place.folder in keys.parents:
        raise ValueError(f"Las claves van en otro lugar que los datos: elija una carpeta fuera de {place.folder}.")
    return keys


def passphrase(file: Path | None) -> str:
    """From a file's first line, else asked for."""
    if file is not None:
        return file.read_text(encoding="utf-8").split("\n", 1)[0]
    return getpass.getpass("Frase de las claves: ")

"""`cancilleria apostille submit DIR --entity KEY`: an institution sends its signed documents; `entities` lists who may."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from cancilleria.site.batches.folder import COLUMNS, BadFolder, listed
from cancilleria.site.commands.setup import database

ALL_IN, SOME_REFUSED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
BAR = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="submit|entities")
    sent = what.add_parser("submit", help="presenta los PDF firmados de una carpeta, como lote de una entidad")
    sent.add_argument("folder", type=Path, help="carpeta con los PDF y, si hace falta, manifest.csv")
    sent.add_argument("--entity", required=True, help="clave de la entidad (la lista da «apostille entities»)")
    sent.add_argument("--batch", default="", help="nombre del lote; si falta, el de la carpeta")
    for column, name in COLUMNS.items():
        option = f"--{name.replace('_', '-')}"
        sent.add_argument(option, default="", help=f"«{column}» de los documentos que no lo digan en manifest.csv")
    what.add_parser("entities", help="entidades que pueden enviar lotes, con su clave")


def run(parsed: argparse.Namespace) -> int:
    """0 when every document is in, 1 when some were refused, 2 when nothing could be done, 130 when interrupted."""
    with database("app"):
        from django.db import Error as DatabaseError  # noqa: PLC0415 - settings read the role that was just set

        try:
            return _entities() if parsed.what == "entities" else _submit(parsed)
        except BadFolder as error:
            print(error, file=sys.stderr)
        except DatabaseError as error:
            print(
                f"Se perdió la base de datos ({type(error).__name__}). Repita la misma orden: sigue donde quedó.",
                file=sys.stderr,
            )
        except OSError as error:
            print(f"No se pudo escribir en la carpeta: {error}. Lo admitido no se pierde.", file=sys.stderr)
    return NOTHING_DONE


def _entities() -> int:
    from cancilleria.domains.apostille import queries  # noqa: PLC0415 - models need Django ready

    for entity in queries.institutions():
        print(f"{entity.key}  {entity.name}")
    return 0


def _submit(parsed: argparse.Namespace) -> int:
    from cancilleria.domains.apostille import queries  # noqa: PLC0415 - models need Django ready
    from cancilleria.site.batches import report  # noqa: PLC0415
    from cancilleria.site.batches.run import REFUSED, Line, bring_in  # noqa: PLC0415

    files = listed(parsed.folder, _defaults(parsed))
    entity = next((e for e in queries.institutions() if e.key == parsed.entity), None)
    if entity is None:
        raise BadFolder(
            f"Ninguna entidad con firmas registradas tiene la clave {parsed.entity}. Vea «apostille entities»."
        )
    lines: list[Line] = []
    interrupted = False
    try:
        with closing(bring_in(entity, parsed.batch or parsed.folder.resolve().name, files)) as brought:
            for line in brought:
                lines.append(line)
                _progress(len(lines), len(files), f"{line.name}: {line.number or line.reason}")
    except KeyboardInterrupt:
        interrupted = True
    finally:
        report.write(parsed.folder, lines, total=len(files))
    print(report.summary(lines, total=len(files)))
    print(f"Informe: {parsed.folder / report.PAGE} y {report.TABLE}")
    if interrupted:
        return INTERRUPTED
    return SOME_REFUSED if any(line.result == REFUSED for line in lines) else ALL_IN


def _defaults(parsed: argparse.Namespace) -> Mapping[str, str]:
    return {name: getattr(parsed, name) for name in COLUMNS.values()}


def _progress(done: int, total: int, told: str) -> None:
    """A bar on a terminal, a line for each document elsewhere."""
    if not sys.stdout.isatty():
        print(f"[{done}/{total}] {told}", flush=True)
        return
    filled = BAR * done // total
    print(f"\r{'█' * filled}{'░' * (BAR - filled)} {done}/{total}", end="\n" if done == total else "", flush=True)

"""`cancilleria import DIR --system NAME`: takes over the acts of an older system from a folder of CSV and PDF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cancilleria.site.commands.setup import database

BAR = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="carpeta con actos.csv, los PDF que nombra y, si hay, libros.csv")
    parser.add_argument("--system", required=True, help="nombre del sistema de origen, siempre el mismo")
    parser.add_argument("--dry-run", action="store_true", help="solo comprueba: nada se importa")
    parser.add_argument("--report", type=Path, help="dónde se escribe el informe; si no, informe.csv en la carpeta")


def run(parsed: argparse.Namespace) -> int:
    """Exit 0 when every row is in, 1 when some were refused, 2 when the folder cannot be read."""
    with database("app"):
        from cancilleria.kernel.organs.authority import SYSTEM  # noqa: PLC0415 - Django is ready by then
        from cancilleria.site.imports import folder, running  # noqa: PLC0415

        try:
            source = folder.read(parsed.folder, parsed.system)
        except folder.BadFolder as error:
            print(error, file=sys.stderr)
            return 2
        total = len(source.rows) + len(source.books)
        found = running.run(source, SYSTEM, dry_run=parsed.dry_run, told=lambda done: _bar(done, total))
        report = parsed.report or parsed.folder / "informe.csv"
        running.write_report(found, report)
        counted = {
            word: sum(o.result == word for o in found) for word in (running.DONE, running.AGAIN, running.REFUSED)
        }
        print(", ".join(f"{word}: {count}" for word, count in counted.items()) + f". Informe: {report}")
        if parsed.dry_run:
            print("Nada se importó: repita sin --dry-run.")
        return 1 if counted[running.REFUSED] else 0


def _bar(done: int, total: int) -> None:
    """On a terminal only; a report in a file needs none."""
    if sys.stderr.isatty():
        filled = BAR * done // max(total, 1)
        print(
            f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}",
            end="" if done < total else "\n",
            file=sys.stderr,
        )

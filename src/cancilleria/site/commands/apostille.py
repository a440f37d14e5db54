"""`cancilleria apostille submit DIR --entity KEY`: an institution's signed files, as requests for apostilles."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cancilleria.site.commands.setup import database

# Answers that may hold for every file; a manifest says others for each.
SAME = (
    "destination", "kind", "given_names", "first_surname", "second_surname", "document_kind", "document_number",
    "issuing_state", "email",
)  # fmt: skip
WIDTH = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="submit|entities")
    what.add_parser("entities", help="muestra las entidades y sus claves")
    submit = what.add_parser(
        "submit", help="presenta los PDF firmados de una carpeta; se puede repetir y sigue donde quedó"
    )
    submit.add_argument(
        "folder", type=Path, metavar="DIR", help="carpeta de los PDF, con manifest.csv si cada uno lleva datos propios"
    )
    submit.add_argument("--entity", required=True, metavar="KEY", help="clave o nombre de la entidad que los emitió")
    for name in SAME:
        submit.add_argument(f"--{name.replace('_', '-')}", default="", metavar="VALOR", help="para todos los archivos")


def run(parsed: argparse.Namespace) -> int:
    """0 when every file became a case, 1 when some did not, 2 when nothing could be sent."""
    with database("app"):
        from cancilleria.domains.apostille.queries import entities  # noqa: PLC0415 - settings read the role that was just set
        from cancilleria.site import batch  # noqa: PLC0415

        if parsed.what == "entities":
            for found in entities():
                print(f"{found.key}  {found.name}")
            return 0
        if not parsed.folder.is_dir():
            print(f"{parsed.folder} no es una carpeta.", file=sys.stderr)
            return 2
        same = {name: getattr(parsed, name) for name in SAME if getattr(parsed, name)}
        try:
            lines = batch.send(parsed.folder, batch.entity_of(parsed.entity), same, told=_tell)
        except (batch.CannotSend, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("\nInterrumpido. Lo presentado está a salvo: repita la orden y sigue donde quedó.", file=sys.stderr)
            return 1
        print((parsed.folder / batch.SUMMARY).read_text(encoding="utf-8"), end="")
        return 0 if all(line.number for line in lines) else 1


def _tell(done: int, total: int) -> None:
    """A bar on a terminal; elsewhere a line at each tenth."""
    if sys.stderr.isatty():
        full = WIDTH * done // total
        print(
            f"\r[{'█' * full}{'·' * (WIDTH - full)}] {done}/{total}",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )
    elif done == total or 10 * done // total > 10 * (done - 1) // total:
        print(f"{done}/{total}", file=sys.stderr, flush=True)

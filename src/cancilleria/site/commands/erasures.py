"""`cancilleria erasures list | replay`: what was erased, and doing it again on a restored backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="list | replay")
    for name, told in (("list", "muestra la lista"), ("replay", "suprime otra vez en una base restaurada")):
        what.add_parser(name, help=told).add_argument(
            "--list", type=Path, help="archivo de la lista, si no es el de esta instalación"
        )


def run(parsed: argparse.Namespace) -> int:
    with database("app"):
        from django.conf import settings  # noqa: PLC0415 - settings read the role that was just set

        from cancilleria.site.erasures import NAME, ErasureFile, replay  # noqa: PLC0415

        found = ErasureFile(parsed.list or settings.HOME / NAME)
        if parsed.what == "list":
            for line in found.lines():
                print(line.subject, line.cause)
            return 0
        done = replay(found)
        for text in done.told:
            print(f"  {text}")
        print(
            f"{len(done.told)} supresiones en la lista; {done.again} se hicieron otra vez en esta base; "
            f"{done.files} archivos que habían vuelto con la copia se quitaron."
        )
    return 0

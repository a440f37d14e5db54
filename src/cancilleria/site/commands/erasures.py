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
            for subject, cause in found.lines():
                print(subject, cause)
            return 0
        done = replay(found)
        print(f"{done.lines} supresiones en la lista; {done.again} se hicieron otra vez en esta base.")
    return 0

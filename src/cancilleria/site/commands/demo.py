"""`cancilleria demo apostilles N --out DIR`: N whole cases through the same actions as people and officials."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="apostilles")
    made = what.add_parser("apostilles", help="solicita y emite N apostillas y guarda los PDF firmados")
    made.add_argument("count", type=int)
    made.add_argument("--out", type=Path, required=True, help="carpeta de los PDF")


def run(parsed: argparse.Namespace) -> int:
    """The worker of a running installation signs; exit 1 when none does, or when this is not a demonstration."""
    with database("app"):
        from cancilleria.site.demonstration_cases import NotADemonstration, NotSigned, make_apostilles  # noqa: PLC0415

        try:
            for path in make_apostilles(parsed.count, parsed.out):
                print(path)
        except (NotADemonstration, NotSigned) as error:
            print(error, file=sys.stderr)
            return 1
    return 0

"""`cancilleria profile load`."""

from __future__ import annotations

import argparse
import sys

from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="load")
    what.add_parser("load", help="lleva la base de datos a lo que dice el perfil").add_argument(
        "--dry-run", action="store_true", help="solo muestra qué cambiaría"
    )


def run(parsed: argparse.Namespace) -> int:
    with database("app"):
        from django.conf import settings  # noqa: PLC0415 - settings read the role that was just set

        from cancilleria.site import profile  # noqa: PLC0415
        from cancilleria.site.composition import ministry  # noqa: PLC0415

        try:
            found = profile.differences(settings.PROFILE_FOLDER)
            for word, keys in (("alta", found.added), ("cambio", found.changed), ("cierre", found.closed)):
                for key in keys:
                    print(f"{word:<7}{key}")
            home = ministry().headquarters
            lines = profile.load(settings.PROFILE_FOLDER, headquarters=home, dry_run=parsed.dry_run)
            print("\n".join(lines) or "El perfil ya estaba cargado: nada cambió.")
            if parsed.dry_run:
                print("Nada se cambió: repita sin --dry-run para cargarlo.")
        except BadProfile as error:
            print(error, file=sys.stderr)
            return 1
    return 0

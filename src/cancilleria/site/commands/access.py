"""`cancilleria access open|renew|end|close EMAIL`: who may enter. For whoever runs the installation."""

from __future__ import annotations

import argparse
import sys

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=("open", "renew", "end", "close"),
        help="open: nombra a un funcionario en un puesto y le da entrada; renew: otra clave primera, sin los factores de "
        "antes; end: termina sus sesiones; close: cierra además la cuenta",
    )  # fmt: skip
    parser.add_argument("email", help="correo con que entra")
    parser.add_argument("--post", default="", help="open: código del puesto, como está en el perfil")
    parser.add_argument("--given-names", default="", help="open: nombres")
    parser.add_argument("--first-surname", default="", help="open: primer apellido")
    parser.add_argument("--second-surname", default="", help="open: segundo apellido, si lo tiene")


def run(parsed: argparse.Namespace) -> int:
    """Exit 1 with the reason when it cannot be done. A first password is printed once and kept nowhere."""
    with database("app"):
        from cancilleria.site import access  # noqa: PLC0415 - Django is ready only now

        try:
            told = access.open_for(parsed) if parsed.what == "open" else access.change(parsed.what, parsed.email)
        except access.CannotOpen as error:
            print(error, file=sys.stderr)
            return 1
    print(told)
    return 0

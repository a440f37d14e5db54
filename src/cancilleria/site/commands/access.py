"""`cancilleria access end|close EMAIL`: end every session of an account, or close the account with them."""

from __future__ import annotations

import argparse
import sys

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=("end", "close"), help="end: termina sus sesiones; close: cierra además la cuenta"
    )
    parser.add_argument("email", help="correo con que entra")


def run(parsed: argparse.Namespace) -> int:
    """For whoever runs the installation, when somebody left in a bad way or lost a device. Exit 1 when nobody has that e-mail."""
    with database("app"):
        from cancilleria.services.accounts.actions import end_by_email  # noqa: PLC0415 - Django is ready only now

        ended = end_by_email(email=parsed.email, close=parsed.what == "close")
        if ended is None:
            print(f"Nadie entra con {parsed.email}.", file=sys.stderr)
            return 1
        print(f"Sesiones terminadas: {ended}")
    return 0

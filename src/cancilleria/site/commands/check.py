"""`cancilleria check`: the independent checker over every entry, number, head, tile and file."""

from __future__ import annotations

import argparse

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is checked."""


def run(parsed: argparse.Namespace) -> int:
    """Prints what it finds; exit 0 when nothing, 1 otherwise."""
    with database("worker"):
        from cancilleria.site.log import findings, status  # noqa: PLC0415 - models exist only after setup

        found, now = findings(), status()
        for finding in found:
            print(finding)
        print(
            f"{now.size} asientos en el registro {now.origin}. "
            + (f"{len(found)} hallazgos." if found else "Todo concuerda.")
        )
    return 1 if found else 0

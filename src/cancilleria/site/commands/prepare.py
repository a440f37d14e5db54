"""`cancilleria prepare`: what `serve` runs before it opens. As the owner: tables and rights; then, as the application, data."""

from __future__ import annotations

import argparse
import json

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["tables", "data"])


def run(parsed: argparse.Namespace) -> int:
    with database("owner" if parsed.what == "tables" else "app"):
        from cancilleria.site import preparation  # noqa: PLC0415 - settings read the role that was just set

        lines = preparation.tables() if parsed.what == "tables" else preparation.data()
    print(json.dumps(lines, ensure_ascii=False))
    return 0

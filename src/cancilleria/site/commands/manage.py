"""Django's own commands, with this installation's settings."""

from __future__ import annotations

import argparse
import os

from django.core.management import execute_from_command_line

from cancilleria.site.commands.setup import database
from cancilleria.site.environment import read


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*")


def run(parsed: argparse.Namespace) -> int:
    """Runs as the role of CANCILLERIA_ROLE: `owner` for what changes tables."""
    with database(str(read(os.environ)["CANCILLERIA_ROLE"])):
        execute_from_command_line(["cancilleria manage", *parsed.words, *parsed.rest])
    return 0

"""`cancilleria worker`: sequencer, queue and outbox in one process."""

from __future__ import annotations

import argparse

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: settings are in the environment."""


def run(parsed: argparse.Namespace) -> int:
    with database("worker"):
        from cancilleria.site.worker import work  # noqa: PLC0415 - models exist only after setup

        work()
    return 0

"""States of the world: the same for every ministry, kept beside the people of the kernel; a profile may add its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cancilleria.kernel.organs.profile import Row, read_csv
from cancilleria.kernel.people.actions import load_states
from cancilleria.kernel.people.profile import COLUMNS, read_states
from cancilleria.site.profile.ground import Ground


def read(folder: Path) -> list[Row]:
    own = folder / "states.csv"
    return [*read_states(), *(read_csv(own, COLUMNS) if own.exists() else ())]


def bring(found: list[Row], ground: Ground) -> Iterator[str]:
    home = ground.home
    if states := load_states(actor=ground.actor, organ=home.key, zone=home.zone, rows=found):
        yield f"Estados: {states} cambios"

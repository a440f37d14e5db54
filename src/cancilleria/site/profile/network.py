"""Organs and decreed days; open terms move with the calendar (DECISIONS 17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cancilleria.kernel.cases.actions import recount_terms
from cancilleria.kernel.organs.actions import load_network
from cancilleria.kernel.organs.models import DecreedDay, Organ
from cancilleria.kernel.organs.profile import DECREED_COLUMNS, OPTIONAL_COLUMNS, ORGAN_COLUMNS, Row, by_key, read_csv
from cancilleria.site.profile.ground import Ground, lines_of


@dataclass(frozen=True)
class Network:
    """Organs by key, and days made working or not."""

    organs: dict[str, Row]
    decreed: list[Row]


def read(folder: Path) -> Network:
    path = folder / "organs.csv"
    return Network(
        by_key(list(read_csv(path, ORGAN_COLUMNS, OPTIONAL_COLUMNS)), path),
        list(read_csv(folder / "decreed_days.csv", DECREED_COLUMNS)),
    )


def bring(found: Network, ground: Ground) -> Iterator[str]:
    before = _decreed_days()
    difference = load_network(
        actor=ground.actor, profile=ground.profile, digest=ground.digest, organs=found.organs, decreed=found.decreed
    )
    yield from lines_of("órganos", difference)
    changed = {calendar for calendar, _, _ in before ^ _decreed_days()}
    organs = Organ.objects.filter(calendar__in=changed).values_list("pk", flat=True)
    if moved := recount_terms(actor=ground.actor, organs=organs):
        yield f"plazos contados de nuevo: {moved}"


def _decreed_days() -> set[tuple[str, date, bool]]:
    return set(DecreedDay.objects.values_list("calendar", "day", "working"))

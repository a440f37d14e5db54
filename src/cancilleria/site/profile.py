"""Loads a ministry's profile: reads every file, shows the difference, brings the database to it (DECISIONS 19)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from cancilleria.domains.apostille.actions import load_parties
from cancilleria.domains.apostille.rules import Membership
from cancilleria.kernel.cases.actions import load_procedures, recount_terms
from cancilleria.kernel.cases.norms import Norm, read_norm
from cancilleria.kernel.organs.actions import load_network, load_posts, stored_network
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.models import DecreedDay, Organ
from cancilleria.kernel.organs.profile import (
    DECREED_COLUMNS,
    ORGAN_COLUMNS,
    BadProfile,
    Difference,
    Parse,
    Row,
    by_key,
    compare,
    day,
    digest_of,
    read_csv,
    read_toml,
    text,
    yes,
)
from cancilleria.kernel.people.actions import load_states
from cancilleria.kernel.people.profile import read_states

PARTY_COLUMNS: Mapping[str, Parse] = {
    "state": text, "in_force_on": day, "with_us_on": day, "objection": yes, "source": text, "as_of": day,
}  # fmt: skip


@transaction.atomic
def load(folder: Path, *, headquarters: str, actor: Actor = SYSTEM) -> list[str]:
    """Bring the database to the profile in `folder`. Returns one line for each thing that changed.

    Raises BadProfile, with nothing changed, when a file cannot be used.
    """
    organs, posts, norms = _organs(folder), _posts(folder), _norms(folder)
    parties, profile, digest = (
        list(read_csv(folder / "apostille_parties.csv", PARTY_COLUMNS)),
        folder.name,
        digest_of(folder),
    )
    days = _decreed_days()
    decreed: list[Row] = list(read_csv(folder / "decreed_days.csv", DECREED_COLUMNS))
    lines = [
        *_lines("órganos", load_network(actor=actor, profile=profile, digest=digest, organs=organs, decreed=decreed))
    ]
    changed = {calendar for calendar, _, _ in days ^ _decreed_days()}
    open_organs = Organ.objects.filter(calendar__in=changed).values_list("pk", flat=True)
    moved = recount_terms(actor=actor, organs=open_organs)
    lines += [f"plazos contados de nuevo: {moved}"] if moved else []
    lines += _lines("puestos", load_posts(actor=actor, profile=profile, digest=digest, posts=posts))
    home = Organ.objects.get(pk=headquarters)
    states = load_states(actor=actor, organ=home.key, zone=home.zone, rows=read_states())
    lines += [f"Estados: {states} cambios"] if states else []
    rows = [_membership(row) for row in parties]
    as_of = max((row["as_of"] for row in parties if isinstance(row["as_of"], date)), default=date.min)
    sha256 = hashlib.sha256((folder / "apostille_parties.csv").read_bytes()).hexdigest()
    if load_parties(actor=actor, rows=rows, source=str(parties[0]["source"]), as_of=as_of, digest=sha256):
        lines.append(f"países parte del Convenio: {len(rows)}")
    lines += [f"trámite {key}: versión nueva" for key in load_procedures(actor=actor, organ=home, norms=norms)]
    return lines


def differences(folder: Path) -> Difference:
    """What loading would do to the organs, without doing it: `serve` only warns."""
    return compare(stored_network(), _organs(folder))


def _decreed_days() -> set[tuple[str, date, bool]]:
    return set(DecreedDay.objects.values_list("calendar", "day", "working"))


def _organs(folder: Path) -> dict[str, Row]:
    path = folder / "organs.csv"
    return by_key(list(read_csv(path, ORGAN_COLUMNS)), path)


def _posts(folder: Path) -> dict[str, Row]:
    found = read_toml(folder / "posts.toml").get("post", [])
    try:
        rows: list[Row] = [
            {
                **{name: str(row[name]) for name in ("key", "organ", "title_es", "title_en")},
                "powers": list(row["powers"]),
            }
            for row in (found if isinstance(found, list) else [])
        ]
    except KeyError as error:
        raise BadProfile(f"posts.toml: a un puesto le falta {error}") from error
    posts = by_key(rows, folder / "posts.toml")
    return {key: {name: value for name, value in row.items() if name != "key"} for key, row in posts.items()}


def _norms(folder: Path) -> dict[str, Norm]:
    norms = (read_norm(path) for path in sorted((folder / "procedures").glob("*.toml")))
    return {norm.key: norm for norm in norms}


def _membership(row: Mapping[str, object]) -> Membership:
    in_force, with_us = row["in_force_on"], row["with_us_on"]
    return Membership(
        str(row["state"]), in_force if isinstance(in_force, date) else None,
        with_us if isinstance(with_us, date) else None, bool(row["objection"]),
    )  # fmt: skip


def _lines(what: str, found: Difference) -> Iterator[str]:
    if found:
        yield f"{what}: {len(found.added)} altas, {len(found.changed)} cambios, {len(found.closed)} cierres"

"""States party to the Convention on apostilles, seen from ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cancilleria.domains.apostille.actions import load_parties
from cancilleria.domains.apostille.rules import Membership
from cancilleria.kernel.organs.profile import Parse, Row, day, read_csv, text, yes
from cancilleria.site.profile.ground import Ground

COLUMNS: Mapping[str, Parse] = {
    "state": text, "in_force_on": day, "with_us_on": day, "objection": yes, "source": text, "as_of": day,
}  # fmt: skip


@dataclass(frozen=True)
class Parties:
    """The rows, and the digest of their file."""

    rows: list[Row]
    digest: str


def read(folder: Path) -> Parties:
    path = folder / "apostille_parties.csv"
    return Parties(list(read_csv(path, COLUMNS)), hashlib.sha256(path.read_bytes()).hexdigest())


def bring(found: Parties, ground: Ground) -> Iterator[str]:
    as_of = max((row["as_of"] for row in found.rows if isinstance(row["as_of"], date)), default=date.min)
    rows = [_membership(row) for row in found.rows]
    source = str(found.rows[0]["source"]) if found.rows else ""
    if load_parties(actor=ground.actor, rows=rows, source=source, as_of=as_of, digest=found.digest):
        yield f"países parte del Convenio: {len(rows)}"


def _membership(row: Mapping[str, object]) -> Membership:
    in_force, with_us = row["in_force_on"], row["with_us_on"]
    return Membership(
        str(row["state"]), in_force if isinstance(in_force, date) else None,
        with_us if isinstance(with_us, date) else None, bool(row["objection"]),
    )  # fmt: skip

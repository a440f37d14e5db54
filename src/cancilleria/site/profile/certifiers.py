"""Who must have certified a kind of document before this ministry does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cancilleria.domains.apostille.actions import load_certifiers
from cancilleria.kernel.organs.profile import Parse, read_csv, text
from cancilleria.site.profile.ground import Ground

FILE = "certification_chains.csv"
COLUMNS: Mapping[str, Parse] = {"kind": text, "place": int, "name_es": text, "name_en": text, "source": text}
Row = tuple[str, int, str, str, str]


@dataclass(frozen=True)
class Certifiers:
    """The rows, and the digest of their file; none when the profile has no such file."""

    rows: list[Row]
    digest: str


def read(folder: Path) -> Certifiers:
    path = folder / FILE
    if not path.exists():
        return Certifiers([], "")
    rows = [
        (str(row["kind"]), int(str(row["place"])), str(row["name_es"]), str(row["name_en"]), str(row["source"]))
        for row in read_csv(path, COLUMNS)
    ]
    return Certifiers(rows, hashlib.sha256(path.read_bytes()).hexdigest())


def bring(found: Certifiers, ground: Ground) -> Iterator[str]:
    if load_certifiers(actor=ground.actor, rows=found.rows, digest=found.digest):
        yield f"certificaciones previas: {len(found.rows)}"

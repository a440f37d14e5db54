"""Which log this installation writes: the first one of its profile, or a later one since it was closed (DECISIONS 7).

One file decides, `origen.json`: what was closed stands in it, and the present log is the next. Each log has a folder and a key
of its own: `registro`, `registro-2`... Needs no Django: the supervisor reads it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cancilleria.site.keys import make_log_key, write_secret

FILE = "origen.json"


@dataclass(frozen=True)
class Place:
    """A log's origin, and the stem of the names of its key and its folder."""

    origin: str
    stem: str

    @property
    def key(self) -> str:
        return f"{self.stem}.pem"


@dataclass(frozen=True)
class Closed:
    """A log that grows no more: what it had published, how much of it the rows keep, its key, when and why."""

    origin: str
    vkey: str
    published: int
    rows: int
    root: str
    closed_on: str
    reason: str


def present(home: Path, facts: Mapping[str, object]) -> Place:
    """The log that is written now; `facts` are the profile's."""
    return _place(str(facts["log_origin"]), len(closed_logs(home)) + 1)


def former(home: Path, facts: Mapping[str, object]) -> list[tuple[Closed, Place]]:
    """The closed logs, oldest first, each with its place."""
    first = str(facts["log_origin"])
    return [(found, _place(first, number)) for number, found in enumerate(closed_logs(home), 1)]


def closed_logs(home: Path) -> list[Closed]:
    try:
        told = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Closed(**found) for found in told["closed"]]


def close(home: Path, facts: Mapping[str, object], closed: Closed) -> Place:
    """Close the present log: its successor's key is made first, then one file changes and everything follows it."""
    logs = [*closed_logs(home), closed]
    successor = _place(str(facts["log_origin"]), len(logs) + 1)
    make_log_key(home / "claves", successor.key)
    told = {"closed": [asdict(found) for found in logs]}
    write_secret(home / FILE, json.dumps(told, ensure_ascii=False, indent=1).encode())
    return successor


def _place(first: str, number: int) -> Place:
    return Place(first, "registro") if number == 1 else Place(f"{first}/{number}", f"registro-{number}")

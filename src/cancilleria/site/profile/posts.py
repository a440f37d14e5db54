"""Posts and their powers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cancilleria.kernel.organs.actions import load_posts
from cancilleria.kernel.organs.profile import BadProfile, Row, by_key, read_toml
from cancilleria.site.profile.ground import Ground, lines_of


def read(folder: Path) -> dict[str, Row]:
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


def bring(found: dict[str, Row], ground: Ground) -> Iterator[str]:
    yield from lines_of(
        "puestos", load_posts(actor=ground.actor, profile=ground.profile, digest=ground.digest, posts=found)
    )

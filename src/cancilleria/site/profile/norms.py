"""The norm of each procedure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cancilleria.kernel.cases.actions import load_procedures
from cancilleria.kernel.cases.norms import Norm, read_norm
from cancilleria.site.profile.ground import Ground


def read(folder: Path) -> dict[str, Norm]:
    norms = (read_norm(path) for path in sorted((folder / "procedures").glob("*.toml")))
    return {norm.key: norm for norm in norms}


def bring(found: dict[str, Norm], ground: Ground) -> Iterator[str]:
    for key in load_procedures(actor=ground.actor, organ=ground.home, norms=found):
        yield f"trámite {key}: versión nueva"

"""Random tamperings by who owns the database and the disk: what DECISIONS 12 promises to find is found; nothing else alarms.

TAMPERINGS, LEAVES and SEED in the environment make it larger, and TOLD names a file for what happened (`make drill`).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection

from cancilleria.kernel.register import doors
from cancilleria.kernel.register.tests.scene import ORIGIN, Scene, scene
from cancilleria.kernel.register.tests.tampering import DEEDS, FOUND

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]
ABOVE = 6  # leaves that no witness has seen, in the second half


def quiet_life(at: Scene) -> str:
    """What happens every day, and alarms nobody: acts that wait, a witness that is silent, files that follow late."""
    kind = at.chance.choice(["nothing", "waiting", "unwitnessed", "late files", "followed"])
    before = (at.log / "checkpoint").read_bytes()
    if kind != "nothing":
        at.act(at.chance.randint(1, 3))
    if kind in {"unwitnessed", "late files", "followed"}:
        at.step(watched=kind == "followed")
    if kind == "late files":
        (at.log / "checkpoint").write_bytes(before)
    return kind


def clean(at: Scene) -> None:
    seen = at.seen
    with at.undone():
        kind = quiet_life(at)
        assert at.findings() == [], kind
        assert not at.witness_refuses(), kind
    at.seen = seen


def tampered(at: Scene, told: Counter[str], missed: list[str]) -> None:
    with at.undone():
        deed, promised = at.chance.choice(DEEDS)(at)
        by = "the checker" if at.findings() else "the witness" if at.witness_refuses() else "nobody"
        if promised == FOUND and by == "nobody":
            missed.append(deed)
        told[f"{promised} by {by}"] += 1
        told[f"{promised} by {by}: {deed}"] += 1


def summary(told: Counter[str], clean_runs: int) -> str:
    of = {name: many for name, many in told.items() if ":" not in name}
    beyond = {
        name.removeprefix("beyond by "): many
        for name, many in told.items()
        if name.startswith("beyond") and ":" in name
    }
    return (
        f"{sum(of.values())} tamperings: promised and found by the checker {of.get('found by the checker', 0)}, by the witness "
        f"alone {of.get('found by the witness', 0)}, missed {of.get('found by nobody', 0)}; {clean_runs} clean runs, no alarm; "
        f"not promised (apart) {dict(sorted(beyond.items()))}"
    )


def test_what_is_promised_to_be_found_is_found_and_nothing_else_alarms(tmp_path: Path, as_worker: AsWorker) -> None:
    many, leaves = int(os.environ.get("TAMPERINGS", "60")), int(os.environ.get("LEAVES", "24"))
    chance = random.Random(os.environ.get("SEED", "utopia"))
    told: Counter[str] = Counter()
    missed: list[str] = []
    with doors.log_origin.held(ORIGIN), scene(tmp_path / "home", chance, as_worker, leaves) as at:
        for turn in range(many):
            if turn == many // 2:
                at.act(ABOVE)
                for _ in range(2):
                    at.step(watched=False)
                    at.act(ABOVE // 2)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            clean(at)
            tampered(at, told, missed)
    if found := os.environ.get("TOLD"):
        Path(found).write_text(summary(told, many))
    assert missed == []

"""Drills that need a database and no server: a test of the tree, larger, in a process of its own."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def larger(test: str, chance: random.Random, **given: float) -> str:
    """Run `test` with these numbers and a seed in its environment; returns what it tells. AssertionError when it fails."""
    with tempfile.TemporaryDirectory(prefix="cancilleria-") as folder:
        told = Path(folder) / "dicho"
        numbers = {name: str(value) for name, value in given.items()}
        seed = {"SEED": str(chance.randrange(10**6)), "TOLD": str(told)}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(ROOT / test)]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **numbers, **seed}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return told.read_text()

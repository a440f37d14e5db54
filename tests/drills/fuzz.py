"""Every reader of strangers' bytes against a search guided by the branches it reaches, each in a process of its own.

FUZZ_SECONDS says how long for each (600 x scale when it does not), FUZZ_TARGETS which. An input that makes a reader raise, takes
more than a second of the processor or 50 MB, or ends the process, fails the drill and is kept.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.table import CORPUS, TARGETS, kept

SECONDS, LEAST = 600, 5
STOP_SECONDS, MOST_MEGABYTES = 10, 2_000
FOUND = Path(tempfile.gettempdir()) / "cancilleria-fuzz"  # where what broke a reader stays for whoever mends it
EXECUTED = re.compile(r"number_of_executed_units:\s*(\d+)")
REACHED = re.compile(r"cov: (\d+)")


@dataclass(frozen=True)
class Told:
    """What a search did."""

    name: str
    executed: int
    reached: int
    kept: int
    grown: int

    def __str__(self) -> str:
        return f"{self.name} {self.executed} inputs, {self.reached} branches, corpus {self.kept}+{self.grown}"


def search(name: str, seconds: int, seed: int, home: Path) -> Told:
    """One target for so long. Raises AssertionError telling the input that broke it."""
    grown, broken = home / name, FOUND / name
    for folder in (grown, broken):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(broken.iterdir())
    command = [
        sys.executable, "-m", "tests.fuzz.run", name, f"-max_total_time={seconds}", f"-seed={seed}", f"-timeout={STOP_SECONDS}",
        f"-rss_limit_mb={MOST_MEGABYTES}", "-print_final_stats=1", f"-artifact_prefix={broken}/", str(grown), str(CORPUS / name),
    ]  # fmt: skip
    given = {**os.environ, "CANCILLERIA_HOME": str(home), "PYTHONPATH": "."}
    done = subprocess.run(command, env=given, capture_output=True, text=True, errors="replace", check=False)
    told = done.stdout + done.stderr
    inputs = sorted(set(broken.iterdir()) - before)
    if done.returncode != 0 or inputs:
        raise AssertionError(f"{name}: {[str(path) for path in inputs]}\n{told[-3000:]}")
    executed, reached = EXECUTED.search(told), REACHED.findall(told)
    if executed is None or not reached:
        raise AssertionError(f"{name} searched nothing:\n{told[-3000:]}")
    return Told(name, int(executed[1]), int(reached[-1]), len(kept(name)), len(list(grown.iterdir())))


def drill(chance: random.Random, scale: float) -> str:
    """All targets, one after another, so that each has the processor for itself."""
    seconds = int(os.environ.get("FUZZ_SECONDS") or max(LEAST, SECONDS * scale))
    names = [name for name in os.environ.get("FUZZ_TARGETS", "").split(",") if name] or list(TARGETS)
    told, broken = [], []
    with tempfile.TemporaryDirectory(prefix="cancilleria-fuzz-") as home:
        for name in names:
            try:
                told.append(search(name, seconds, chance.randrange(1, 2**31), Path(home)))
            except AssertionError as error:
                broken.append(str(error))
    assert not broken, f"{len(broken)} of {len(names)} targets broke\n" + "\n\n".join(broken)
    total = sum(one.executed for one in told)
    return f"fuzz, {seconds} s each: {total} inputs, 0 broke a reader; " + "; ".join(map(str, told))

"""A restore to an instant, the log's rule, and both ways out (docs/recipes/restore.md), with a real installation.

The base copy is taken while it works; acts go on; the database comes back as it was in the middle of them. The sequencer
must stop and name the gap. Then one copy brings the missing leaves, and another closes the log and opens a new origin.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.serving import Serving, free_port, start, stop

PROGRAM = str(Path(sys.executable).parent / "cancilleria")
SIZE = re.compile(r"^size\s+(\d+)$", re.MULTILINE)
GAP = re.compile(r"faltan del (\d+) al (\d+)")


@dataclass
class House:
    """One installation's folder: commands in it, and its service for a while."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def run(self, *words: str, expect: int = 0) -> str:
        given = {
            **os.environ,
            "CANCILLERIA_HOME": str(self.folder),
            "CANCILLERIA_PORT": str(self.port),
            **self.settings,
        }
        done = subprocess.run([PROGRAM, *words], env=given, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        assert done.returncode == expect, f"{' '.join(words)} ended with {done.returncode}, not {expect}: {told}"
        return told

    @contextmanager
    def serving(self) -> Iterator[Serving]:
        service = start(self.folder, self.port, **self.settings)
        try:
            yield service
        finally:
            stop(service)

    def size(self) -> int:
        found = SIZE.search(self.run("log", "status"))
        assert found is not None
        return int(found[1])


def drill(chance: random.Random, scale: float) -> str:
    """Back up under work, restore to an instant, follow both recipes. Returns what was done."""
    with tempfile.TemporaryDirectory(prefix="cancilleria-respaldo-") as name:
        return _drill(
            Path(name), before=chance.randint(1, 2 + int(4 * scale)), after=chance.randint(1, 2 + int(4 * scale))
        )


def _drill(base: Path, *, before: int, after: int) -> str:
    base.chmod(0o755)
    copies, phrase = base / "copias", base / "frase"
    phrase.write_text("cuatro palabras que nadie adivina\n")
    first = House(base / "una", {"CANCILLERIA_BACKUP": str(copies)})
    with first.serving():
        first.run("backup", str(copies), "--keys", str(copies / "claves"), "--passphrase-file", str(phrase), expect=1)
        first.run("backup", str(copies), "--keys", str(base / "llavero"), "--passphrase-file", str(phrase))
        first.run("demo", "apostilles", str(before), "--out", str(base / "antes"))
        time.sleep(1)
        instant = datetime.now(UTC).isoformat()
        time.sleep(1)
        first.run("demo", "apostilles", str(after), "--out", str(base / "despues"))
        time.sleep(6)  # the files follow within seconds
        assert "Todo concuerda" in first.run("backup", str(copies), "--verify")
    published = first.size()
    sealed = next((base / "llavero").iterdir())
    restoring = ["restore", str(copies), "--keys", str(sealed), "--passphrase-file", str(phrase)]
    behind = House(base / "dos")
    gap = GAP.search(behind.run(*restoring, "--to-time", instant, expect=3))
    assert gap is not None
    assert int(gap[2]) == published - 1
    _refuses_to_sign(behind)
    _bring(behind, House(base / "tres"), restoring, base, int(gap[1]), published)
    _close(House(base / "cuatro"), [*restoring, "--to-time", instant], base)
    return (
        f"restored to an instant between {before} and {after} acts; gap of {published - int(gap[1])} leaves named and not "
        "signed over; brought back by one recipe, closed for a new origin by the other; every old document verifies"
    )


def _refuses_to_sign(house: House) -> None:
    with house.serving() as service:
        time.sleep(3)
        assert GAP.search(service.log.read_text()), "the sequencer did not name the gap"


def _bring(behind: House, newest: House, restoring: list[str], base: Path, start_at: int, published: int) -> None:
    newest.run(*restoring, "--latest")
    newest.run("log", "rows", str(base / "filas"), "--from", str(start_at))
    behind.run("log", "bring", str(base / "filas"))
    assert behind.size() == published
    _works(behind, base)
    assert behind.size() > published


def _close(house: House, restoring: list[str], base: Path) -> None:
    house.run(*restoring, expect=3)
    told = house.run("log", "close", "--reason", "Ensayo: la base recuperada es anterior a lo publicado")
    assert "/2" in told
    _works(house, base)
    assert house.run("log", "status").startswith("origin registro")
    assert 0 < house.size() < 60


def _works(house: House, base: Path) -> None:
    """It serves and issues again, the checker finds nothing, and what was delivered before verifies."""
    with house.serving():
        house.run("demo", "apostilles", "1", "--out", str(base / house.folder.name / "nuevas"))
        time.sleep(2)
    assert "Todo concuerda" in house.run("check")
    for path in [*(base / "antes").iterdir(), *(base / "despues").iterdir()]:
        house.run("verify", str(path))


if __name__ == "__main__":
    print(drill(random.Random(1), 0.2))

"""A restore to an instant, the log's rule, and both ways out (docs/recipes/restore.md), with a real installation.

The base copy is taken while it works; acts go on; the database comes back as it was in the middle of them. The sequencer
must stop and name the gap. Then one copy brings the missing leaves, and another closes the log and opens a new origin.
Two people are erased, one before that instant and one after it: neither comes back, nor their files (DECISIONS 9).
"""

from __future__ import annotations

import hashlib
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

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.executable).parent / "cancilleria")
SIZE = re.compile(r"^size\s+(\d+)$", re.MULTILINE)
# Whose erasure is in the restored rows, and whose the list alone knows.
BEFORE, AFTER = "ZQBEFORE01", "ZQAFTER002"
GAP = re.compile(r"faltan del (\d+) al (\d+)")


@dataclass
class House:
    """One installation's folder: commands in it, and its service for a while."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def run(self, *words: str, expect: int = 0) -> str:
        return self._ended([PROGRAM, *words], expect)

    def erasing(self, *words: str) -> str:
        """See erasing.py."""
        return self._ended([sys.executable, "-m", "tests.drills.erasing", *words], 0)

    def _ended(self, command: list[str], expect: int) -> str:
        given = {
            "PYTHONPATH": str(ROOT),
            **os.environ,
            "CANCILLERIA_HOME": str(self.folder),
            "CANCILLERIA_PORT": str(self.port),
            **self.settings,
        }
        done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        assert done.returncode == expect, f"{' '.join(command)} ended with {done.returncode}, not {expect}: {told}"
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
        batch = sorted((first.folder / "demostracion" / "lote").glob("*-0[12].pdf"))
        for person, file in zip((BEFORE, AFTER), batch, strict=True):
            first.erasing("make", person, str(file))
            assert "people_identitydocument" in first.erasing("places", person)
        time.sleep(6)  # their files are in the copies too
        first.run("backup", str(copies), "--keys", str(copies / "claves"), "--passphrase-file", str(phrase), expect=1)
        first.run("backup", str(copies), "--keys", str(base / "llavero"), "--passphrase-file", str(phrase))
        first.erasing("erase", BEFORE)
        first.run("demo", "apostilles", str(before), "--out", str(base / "antes"))
        time.sleep(1)
        instant = datetime.now(UTC).isoformat()
        time.sleep(1)
        first.run("demo", "apostilles", str(after), "--out", str(base / "despues"))
        first.erasing("erase", AFTER)
        time.sleep(6)  # the files follow within seconds
        assert "Todo concuerda" in first.run("backup", str(copies), "--verify")
    published = first.size()
    sealed = next((base / "llavero").iterdir())
    restoring = ["restore", str(copies), "--keys", str(sealed), "--passphrase-file", str(phrase)]
    behind = House(base / "dos")
    told = behind.run(*restoring, "--to-time", instant, expect=3)
    account = _erased_again(told, behind, copies, batch)
    gap = GAP.search(told)
    assert gap is not None
    assert int(gap[2]) == published - 1
    _refuses_to_sign(behind)
    _bring(behind, House(base / "tres"), restoring, base, int(gap[1]), published)
    _close(House(base / "cuatro"), [*restoring, "--to-time", instant], base)
    for house in (behind, House(base / "tres"), House(base / "cuatro")):
        _are_gone(house, batch)
    return (
        f"restored to an instant between {before} and {after} acts; gap of {published - int(gap[1])} leaves named and not "
        "signed over; brought back by one recipe, closed for a new origin by the other; every old document verifies; "
        f"of two people erased, {account}"
    )


def _erased_again(told: str, house: House, copies: Path, batch: list[Path]) -> str:
    """What the restore says of the list: one erasure was in the rows, the other is done again; both files had come back."""
    assert "ya estaba suprimida en esta base" in told, told
    assert "suprimida otra vez: 1 expedientes" in told, told
    assert "2 supresiones en la lista; 1 se hicieron otra vez" in told, told
    # The copies still have both: what keeps them out is the list alone.
    assert all((copies / "casa" / _place(file)).exists() for file in batch)
    _are_gone(house, batch)
    return (
        "one was in the restored rows, the other was erased again from the list, and the files of both were taken away"
    )


def _are_gone(house: House, batch: list[Path]) -> None:
    for person, file in zip((BEFORE, AFTER), batch, strict=True):
        left = house.erasing("places", person)
        assert not left.split(), f"{person} stands in {left} of {house.folder.name}"
        assert not (house.folder / _place(file)).exists(), f"the file of {person} is back in {house.folder.name}"


def _place(file: Path) -> Path:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return Path("archivos") / sha256[:2] / sha256[2:4] / sha256


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

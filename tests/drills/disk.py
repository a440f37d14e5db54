"""The disk is full: first under the files, then under database and log. Nothing is acknowledged, and all resumes by itself.

Whoever asks meanwhile reads a plain message (503), never that nobody knows what happened.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.drills.citizen import Citizen
from tests.drills.kill import submit
from tests.serving import Serving, free_port, healthy, start, stop

from cancilleria.site.database import server

ROOM = {"postgresql": "400m", "archivos": "24m", "registro": "16m"}
BALLAST = "lastre"


def drill(chance: random.Random, scale: float) -> str:
    """Fill each small disk, ask for an act, make room, ask again. Returns what was done."""
    if os.geteuid() != 0:
        return "left out: mounting a small disk needs root"
    with tempfile.TemporaryDirectory(prefix="cancilleria-disco-", ignore_cleanup_errors=True) as name:
        base = Path(name)
        base.chmod(0o755)
        home = base / "casa"
        try:
            with _mounted(home):
                return _drill(home, chance)
        except subprocess.CalledProcessError as error:
            return f"left out: a small disk cannot be mounted here ({error})"


def _drill(home: Path, chance: random.Random) -> str:
    serving = start(home, free_port())
    try:
        document = serving.document("partida-de-nacimiento.pdf").read_bytes()
        submit(Citizen(serving.address), document, "E0000")
        # A file that is there already needs no room: under the full folder another one is sent.
        document = serving.document("certificado-de-estudios.pdf").read_bytes()
        told = [
            _fill_and_recover(serving, document, name)
            for name in ["archivos", *chance.sample(["postgresql", "registro"], 2)]
        ]
        assert serving.process.poll() is None, "the installation ended"
        program, given = str(Path(sys.executable).parent / "cancilleria"), {**os.environ, "CANCILLERIA_HOME": str(home)}
        time.sleep(3)
        done = subprocess.run([program, "check"], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return "; ".join(told) + f"; {done.stdout.strip()}"
    finally:
        stop(serving)


def _fill_and_recover(serving: Serving, document: bytes, name: str) -> str:
    _fill(serving.home / name)
    if name == "postgresql":
        _use_up_the_journal(serving)
    citizen = Citizen(serving.address, patience=20)
    try:
        number = submit(citizen, document, f"E{name[:4]}")
    except (TimeoutError, AssertionError, LookupError, OSError):
        number = ""
    # The log's files follow the database: while they are full an act stands, and waits for its place.
    assert not number or name == "registro", f"{number} was acknowledged with {name} full"
    told = _told(citizen, name)
    (serving.home / name / BALLAST).unlink()
    began = time.monotonic()
    while not healthy(serving.address):
        assert time.monotonic() - began < 120, "it did not resume"
        time.sleep(0.3)
    submit(Citizen(serving.address), document, f"D{name[:4]}")
    return f"{name} full: {'the act waited for the log' if number else f'no acknowledgement, {told}'}, again after {time.monotonic() - began:.0f} s"


def _told(citizen: Citizen, name: str) -> str:
    """What the last page said. A database that ended for want of room answers nothing: the house says that it is away."""
    page = citizen.refused
    if page is None:
        assert name != "archivos", "nobody was told that there is no room for the file"
        return "no answer"
    assert page.status == 503, f"{page.status} with {name} full: {page.body[:2000]}"
    if name == "archivos":
        assert "No se asentó nada" in page.body, page.body[:2000]
    return "said that nothing was recorded" if "No se asentó nada" in page.body else "said that it is away"


def _fill(folder: Path) -> None:
    with (folder / BALLAST).open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def _use_up_the_journal(serving: Serving) -> None:
    """Segments that were made beforehand still have room: write to the log alone until there is none."""
    try:
        with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
            for _ in range(200_000):
                connection.execute("SELECT pg_logical_emit_message(false, 'lastre', repeat('x', 16000))")
    except psycopg.Error:
        return
    raise AssertionError("the log never filled its disk")


@contextmanager
def _mounted(home: Path) -> Iterator[None]:
    mounted = []
    try:
        for name, size in ROOM.items():
            (home / name).mkdir(parents=True, mode=0o700)
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(home / name)], check=True
            )
            mounted.append(home / name)
        yield
    finally:
        for folder in reversed(mounted):
            subprocess.run(["umount", "-l", str(folder)], check=False)


if __name__ == "__main__":
    print(drill(random.Random(1), 0.2))

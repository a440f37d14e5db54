"""An upgrade from the previous version under load: it serves while the new one migrates, then the new one takes over.

The previous version is read from the history of the repository; a shallow clone without it says so. PREVIOUS names another.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from io import BytesIO
from pathlib import Path

from tests.drills.crowd import crowd
from tests.drills.kill import RECORDED
from tests.drills.ledger import Ledger, compare
from tests.serving import Serving, free_port, start, stop, wait_until_healthy

from cancilleria.site.database import server

ROOT = Path(__file__).resolve().parents[2]
PREVIOUS = "c3c40ca"


def drill(chance: random.Random, scale: float) -> str:
    """Serve the previous version, migrate under it, replace it. Returns what was done; raises AssertionError."""
    version = os.environ.get("PREVIOUS", PREVIOUS)
    found = subprocess.run(["git", "-C", str(ROOT), "archive", version, "src"], capture_output=True, check=False)
    if found.returncode:
        return f"left out: the history here does not reach the previous version, {version}"
    with tempfile.TemporaryDirectory(prefix="cancilleria-antes-") as name:
        base = Path(name)
        base.chmod(0o755)
        with tarfile.open(fileobj=BytesIO(found.stdout)) as tar:
            tar.extractall(base / "antes", filter="data")
        return _drill(base, chance, scale)


def _drill(base: Path, chance: random.Random, scale: float) -> str:
    old = _start_old(base)
    port = int(old.address.rsplit(":", 1)[1])
    ledger = Ledger(base / "acuses.jsonl")
    with crowd(old, ledger, "U", 3):
        try:
            time.sleep(chance.uniform(2, 4) + 6 * scale)
            migrated = _migrate(base, port, len(ledger.lines()), ledger)
        finally:
            stop(old)
        told = old.log.read_text()
        assert "permission denied" not in told, f"the previous version was refused its own tables: {told[-2000:]}"
        before, new = len(ledger.lines()), start(old.home, port)
        time.sleep(4 + 6 * scale)
    try:
        return f"{migrated}; {_verdict(new, ledger, before)}"
    finally:
        stop(new)


def _start_old(base: Path) -> Serving:
    home, log, port = base / "casa", base / "antes.log", free_port()
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "cancilleria.site.cli", "serve"], env=_environment(base, port, base / "antes" / "src"),
            stdout=sink, stderr=sink, start_new_session=True, cwd="/",
        )  # fmt: skip
    serving = Serving(f"http://127.0.0.1:{port}", home, process, log)
    try:
        wait_until_healthy(serving.address, process, log)
    except RuntimeError:
        process.send_signal(signal.SIGINT)
        process.wait(40)
        raise
    return serving


def _environment(base: Path, port: int, source: Path) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    return given | {"CANCILLERIA_HOME": str(base / "casa"), "CANCILLERIA_PORT": str(port), "PYTHONPATH": str(source)}


def _migrate(base: Path, port: int, before: int, ledger: Ledger) -> str:
    """The new version's tables, while the previous one serves: it must go on acknowledging."""
    command = [sys.executable, "-m", "cancilleria.site.cli", "prepare", "tables"]
    began = time.monotonic()
    done = subprocess.run(
        command, env=_environment(base, port, ROOT / "src"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    took = time.monotonic() - began
    deadline = time.monotonic() + 30
    while len(ledger.lines()) <= before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(ledger.lines()) > before, "the previous version no longer acknowledges after the migration"
    return f"migrated in {took:.0f} s under the previous version, which went on ({len(ledger.lines()) - before} acts)"


def _verdict(serving: Serving, ledger: Ledger, before: int) -> str:
    time.sleep(3)
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        recorded = [(str(number), int(correlative)) for number, correlative in connection.execute(RECORDED)]
    acknowledged = [line["number"] for line in ledger.lines()]
    wrong = compare(acknowledged, recorded)
    assert not any(wrong.values()), wrong
    assert len(acknowledged) > before, "the new version acknowledged nothing"
    given = {**os.environ, "CANCILLERIA_HOME": str(serving.home)}
    program = str(Path(sys.executable).parent / "cancilleria")
    done = subprocess.run([program, "check"], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return f"{len(acknowledged)} acknowledged by both, none lost, none twice; {done.stdout.strip()}"


if __name__ == "__main__":
    print(drill(random.Random(1), 0.2))

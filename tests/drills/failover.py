"""The leader of a replicated database dies under load: nothing acknowledged is lost or done twice, the log has no fork.

Three servers led by Patroni, commits synchronous on one replica; the installation knows all of them by one DATABASE_URL and
finds the new leader by itself.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from tests.drills import replicas
from tests.drills.crowd import crowd
from tests.drills.kill import RECORDED
from tests.drills.ledger import Ledger, compare
from tests.serving import Serving, free_port, healthy, start, stop

ROLES = """
CREATE ROLE duena LOGIN PASSWORD 'ensayo' CREATEROLE; CREATE ROLE ministerio LOGIN PASSWORD 'ensayo';
CREATE ROLE ministerio_worker LOGIN PASSWORD 'ensayo';
"""


def drill(chance: random.Random, scale: float) -> str:
    """Kill the leader while clients submit. Returns what was done; raises AssertionError when something is wrong."""
    if missing := replicas.absent():
        return f"left out: {missing}"
    with tempfile.TemporaryDirectory(prefix="cancilleria-replicas-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with replicas.group(folder) as group:
            return _drill(group, folder, chance, max(1, round(3 * scale)))


def _drill(group: replicas.Group, folder: Path, chance: random.Random, deaths: int) -> str:
    addresses = _prepare(group)
    serving = start(folder / "casa", free_port(), **addresses)
    try:
        told = _under_load(group, serving, folder, chance, deaths)
        _settle(serving)
        return told + _verdict(group, serving, folder, addresses)
    finally:
        stop(serving)


def _prepare(group: replicas.Group) -> dict[str, str]:
    with psycopg.connect(group.url("postgres", "ensayo", "postgres"), autocommit=True) as connection:
        connection.execute(ROLES)
        connection.execute("CREATE DATABASE ministerio OWNER duena")
    names = {"DATABASE_URL": "ministerio", "DATABASE_WORKER_URL": "ministerio_worker", "DATABASE_OWNER_URL": "duena"}
    return {variable: group.url(role, "ensayo", "ministerio") for variable, role in names.items()}


def _under_load(group: replicas.Group, serving: Serving, folder: Path, chance: random.Random, deaths: int) -> str:
    ledger, rests = Ledger(folder / "acuses.jsonl"), []
    with crowd(serving, ledger, "F", 4):
        for _ in range(deaths):
            time.sleep(chance.uniform(3, 6))
            rests.append(_kill_leader(group, ledger))
    return f"{deaths} leaders killed, acts again after {', '.join(f'{rest:.0f}' for rest in rests)} s; "


def _kill_leader(group: replicas.Group, ledger: Ledger) -> float:
    """Seconds from the death to the next acknowledged act. The dead server comes back as a replica."""
    leader = group.leader()
    assert leader is not None
    group.kill(leader)
    began = time.monotonic()
    group.wait(lambda: group.leader() not in (None, leader))
    count = len(ledger.lines())
    group.wait(lambda: len(ledger.lines()) > count)
    rest = time.monotonic() - began
    group.start(leader)
    group.wait(lambda: len(group.streaming()) == 2)
    return rest


def _settle(serving: Serving) -> None:
    deadline = time.monotonic() + 60
    while not healthy(serving.address) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(3)  # the sequencer takes what still waits


def _verdict(group: replicas.Group, serving: Serving, folder: Path, addresses: dict[str, str]) -> str:
    with psycopg.connect(group.url("postgres", "ensayo", "ministerio")) as connection:
        recorded = [(str(number), int(correlative)) for number, correlative in connection.execute(RECORDED)]
    acknowledged = [line["number"] for line in Ledger(folder / "acuses.jsonl").lines()]
    wrong = compare(acknowledged, recorded)
    assert not any(wrong.values()), wrong
    given = {**os.environ, **addresses, "CANCILLERIA_HOME": str(serving.home)}
    program = str(Path(sys.executable).parent / "cancilleria")
    done = subprocess.run([program, "check"], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return f"{len(acknowledged)} acknowledged, {len(recorded)} recorded, none lost, none twice; {done.stdout.strip()}"


if __name__ == "__main__":
    print(drill(random.Random(1), 0.4))

"""Recording an act through `record()` and the queue, against the very same statements sent bare through psycopg.

Called as a process: `python -m tests.bench.recording ours|bare ORGAN SECONDS`; prints how many acts it committed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.db import connection, transaction
from tests.bench.rows import Row

if __name__ == "__main__":
    django.setup()  # models exist only from here on

from cancilleria.kernel.cases.verbs import CASE_SUBMITTED, OfVersion
from cancilleria.kernel.register import actions
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.doors import tasks

PROCESSES, RUNS, SECONDS = 8, 5, 2.0
TASK = "bench.nothing"


def rows(home: Path) -> Iterator[Row]:
    ours, bare = [], []
    for _ in range(RUNS):
        ours.append(_rate(home, "ours"))
        bare.append(_rate(home, "bare"))
    mine, base = statistics.median(ours), statistics.median(bare)
    yield Row(
        f"recording an act, {PROCESSES} processes on {PROCESSES} books",
        mine,
        base,
        "acts/s",
        ">= 0.45 of bare",
        mine / base >= 0.45,
    )


def _rate(home: Path, kind: str) -> float:
    given = {
        **os.environ,
        "CANCILLERIA_HOME": str(home),
        "CANCILLERIA_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "cancilleria.site.settings",
    }
    command = [sys.executable, "-m", "tests.bench.recording", kind]
    running = [
        subprocess.Popen([*command, f"organ:bench-{n}", str(SECONDS)], env=given, stdout=subprocess.PIPE, text=True)
        for n in range(PROCESSES)
    ]
    return sum(int(process.communicate()[0].split()[-1]) for process in running) / SECONDS


def _once(organ: str) -> None:
    """One act and its task, inside the caller's transaction."""
    case = str(uuid.uuid4())
    record(
        CASE_SUBMITTED, organ=organ, zone="America/Lima", actor="public", facts=OfVersion(procedure="bench", version=1),
        private={"answers": {"name": "Carla"}}, subjects=[f"case:{case}"],
    )  # fmt: skip
    tasks().defer(TASK, case=case)


def _ours(organ: str, deadline: float) -> int:
    done = 0
    while time.monotonic() < deadline:
        with transaction.atomic():
            _once(organ)
        done += 1
    return done


def _bare(organ: str, deadline: float) -> int:
    """The statements of `_ours`, with the parameters of one recorded act, sent again and again."""
    captured: list[tuple[str, object]] = []

    def keep(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        captured.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep), transaction.atomic():
        _once(organ)
    insert = next(params for sql, params in captured if "INSERT INTO register_entry" in sql)
    job = [(sql, params) for sql, params in captured if "procrastinate" in sql]
    found = settings.DATABASES["default"]
    done = 0
    with psycopg.connect(
        host=found["HOST"],
        dbname=found["NAME"],
        user=found["USER"],
        password=found["PASSWORD"],
        autocommit=True,
        prepare_threshold=1,
    ) as bare:
        while time.monotonic() < deadline:
            with bare.transaction(), bare.cursor() as cursor:
                cursor.execute(actions.NEXT, [organ, "case", "America/Lima", None])
                at, year, number, _ = cursor.fetchone()
                key = uuid.uuid4()
                row = [key if n in (0, 27, 30) else value for n, value in enumerate(insert)]
                row[8:10], row[11] = [year, number], at
                cursor.execute(actions.INSERT, row)
                for sql, params in job:
                    cursor.execute(sql, params)
            done += 1
    return done


if __name__ == "__main__":
    kind, organ, seconds = sys.argv[1:]
    work = {"ours": _ours, "bare": _bare}[kind]
    work(organ, time.monotonic() + 0.5)  # warm
    print(work(organ, time.monotonic() + float(seconds)))

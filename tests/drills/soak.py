"""Twenty minutes of mixed traffic: memory, connections, open files and temporary files do not grow without end; no error of ours.

Rule. The first fifth is warming up and counts for nothing. A leak keeps its pace, while caches and arenas that fill slow down:
memory fails when in the second half it grows by more than a twelfth of itself without having slowed to half of the first
half's pace. What is counted (connections, open files) fails when its last quarter stands above everything the first half
reached by more than a margin for chance; temporary files, when more are left at the end than a request in course explains. A
500 fails; so does more than one plain 503 in 500 answers, which a machine full of other work may cause.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.drills import cashier, processes
from tests.drills.citizen import Citizen
from tests.drills.kill import submit
from tests.drills.ledger import Ledger
from tests.drills.officer import enter
from tests.serving import Serving, installation

from cancilleria.site.database import server

SECONDS, SAMPLES = 1_200, 120
PAGES = ("/", "/tramites/", "/tramites/apostille/", "/misiones/", "/registro/", "/cifras/", "/verificar/", "/log/checkpoint",
         "/api/v1/procedures", "/api/openapi.json", "/datos/", "/no-existe/", "/estatico/ui/no-existe.css")  # fmt: skip
CASE = re.compile(r"/despacho/apostilla/[0-9a-f-]{36}/")
GROWTH, PACE = 1 / 12, 0.5
BUSY, SHED = 503, 1 / 500
MARGINS = {"connections": 4, "files": 24}
LEFT_OVER = 3
PROCESSES: dict[str, Callable[[str], bool]] = {
    "web": lambda command: "granian" in command,
    "worker": lambda command: command.endswith("worker"),
}
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"


@dataclass
class Traffic:
    """People at work until `over`; `seen` counts what they were answered."""

    serving: Serving
    ledger: Ledger
    over: threading.Event = field(default_factory=threading.Event)
    seen: Counter[int] = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)

    def begin(self, name: str, work: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                self.failures.append(error)

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread

    def asks(self, letter: str, chance: random.Random) -> None:
        document = self.serving.document("partida-de-nacimiento.pdf").read_bytes()
        turn = 0
        while not self.over.wait(chance.uniform(0.5, 2)):
            turn += 1
            self.ledger.write(
                number=submit(Citizen(self.serving.address, seen=self.seen), document, f"{letter}{turn:05d}")
            )

    def reads(self, chance: random.Random) -> None:
        while not self.over.wait(chance.uniform(0.05, 0.3)):
            Citizen(self.serving.address, seen=self.seen).get(chance.choice(PAGES))

    def charges(self, window: cashier.Cashier, receipts: Ledger) -> None:
        window.browser.seen = self.seen
        cashier.work(window, self.ledger, receipts, self.over, 10**6)

    def issues(self, browser: Citizen, chance: random.Random) -> None:
        browser.seen = self.seen
        while not self.over.wait(chance.uniform(0.2, 1)):
            cases = CASE.findall(browser.get("/despacho/").body)
            if not cases:
                continue
            page = browser.get(chance.choice(cases))
            if 'value="issue"' in page.body:
                browser.send(page, page.form(having="reason"), {"do": "issue"})


@dataclass(frozen=True)
class Sample:
    """At one moment, all processes of a kind together; memory in MB."""

    at: float
    memory: dict[str, float]
    files: int
    connections: int
    temporary: int


def drill(chance: random.Random, scale: float) -> str:
    """Raises AssertionError when anything grows without end, the site failed, or somebody gave up."""
    seconds = max(60.0, SECONDS * scale)
    with tempfile.TemporaryDirectory(prefix="cancilleria-temporal-") as temporary:
        Path(temporary).chmod(0o777)
        with installation(TMPDIR=temporary) as serving:
            return run(serving, chance, seconds, Path(temporary))


def run(serving: Serving, chance: random.Random, seconds: float, temporary: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="remojo-"))
    traffic = Traffic(serving, Ledger(folder / "acuses.jsonl"))
    window, official = cashier.signed_in(serving), enter(serving, "carla", "/despacho/")
    threads = [
        *(traffic.begin("asks", lambda n=n: traffic.asks(f"R{n}", random.Random(n))) for n in range(2)),  # type: ignore[misc]
        *(traffic.begin("reads", lambda n=n: traffic.reads(random.Random(n))) for n in range(3)),  # type: ignore[misc]
        traffic.begin("charges", lambda: traffic.charges(window, Ledger(folder / "recibos.jsonl"))),
        traffic.begin("issues", lambda: traffic.issues(official, chance)),
    ]
    samples = []
    for _ in range(SAMPLES):
        time.sleep(seconds / SAMPLES)
        samples.append(sample(serving, temporary))
    traffic.over.set()
    for thread in threads:
        thread.join(60)
    time.sleep(5)
    samples.append(sample(serving, temporary))
    assert not traffic.failures, f"{len(traffic.failures)} gave up: {traffic.failures[0]!r}"
    return verdict(samples, traffic.seen, len(traffic.ledger.lines()))


def verdict(samples: Sequence[Sample], seen: Counter[int], asked: int) -> str:
    warm = samples[len(samples) // 5 : -1]
    first, second = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    wrong, told = [], []
    for kind in PROCESSES:
        slopes = [_slope(half, kind) for half in (first, second)]
        minutes, mean = (second[-1].at - second[0].at) / 60, statistics.mean(s.memory[kind] for s in second)
        grown = slopes[1] * minutes
        told.append(f"{kind} {mean:.0f} MB, {slopes[0]:+.2f} then {slopes[1]:+.2f} MB a minute")
        if grown > GROWTH * mean and slopes[1] > PACE * slopes[0]:
            wrong.append(f"the memory of {kind} grows by {grown:.0f} MB in half of the time")
    for what, margin in MARGINS.items():
        before, last = max(getattr(s, what) for s in first), [getattr(s, what) for s in second[len(second) // 2 :]]
        told.append(f"{what} at most {before} then {statistics.median(last):.0f}")
        if statistics.median(last) > before + margin:
            wrong.append(f"{what} grow")
    told.append(f"temporary files at the end {samples[-1].temporary}")
    wrong += [f"{samples[-1].temporary} temporary files are left"] if samples[-1].temporary > LEFT_OVER else []
    wrong += [f"{count} answers of {status}" for status, count in seen.items() if status >= 500 and status != BUSY]
    wrong += [f"{seen[BUSY]} answers of 503"] if seen[BUSY] > SHED * sum(seen.values()) else []
    line = f"{sum(seen.values())} answers, {asked} requests made in {warm[-1].at - samples[0].at:.0f} s; " + "; ".join(
        told
    )
    assert not wrong, f"{'; '.join(wrong)} ({line})"
    return f"{line}; no answer of 500, {seen[BUSY]} of 503"


def sample(serving: Serving, temporary: Path) -> Sample:
    memory: dict[str, float] = dict.fromkeys(PROCESSES, 0)
    files = 0
    for process in processes.descendants(serving.process.pid):
        for kind in (kind for kind, ours in PROCESSES.items() if ours(process.command)):
            memory[kind] += processes.memory(process.pid)
            files += processes.open_files(process.pid)
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        row = connection.execute(CONNECTED).fetchone()
    left = sum(1 for _ in temporary.rglob("*"))
    return Sample(time.monotonic(), memory, files, int(row[0]) if row else 0, left)


def _slope(half: Sequence[Sample], kind: str) -> float:
    """MB a minute."""
    return statistics.linear_regression([s.at / 60 for s in half], [s.memory[kind] for s in half]).slope

"""A crowd far over capacity, and forms that never end, while officers work their tray.

The public is answered, or told plainly to come back; officers go on; and one of them signs in while the public is turned away.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from tests.drills.citizen import Citizen
from tests.drills.kill import submit
from tests.drills.officer import enter
from tests.serving import Serving, installation

PAGES = ("/", "/tramites/", "/tramites/apostille/", "/misiones/", "/registro/", "/cifras/", "/api/v1/procedures")
CLIENTS, STALLED, CASES = 150, 10, 6
SECONDS = 60
HANG = 20.0
# On two cores the crowd's own clients take half: an officer may wait some times as long as alone, but never queue behind it.
SLOWER, WAIT = 15, 3.0


def drill(chance: random.Random, scale: float) -> str:
    """Officers alone, then beside the crowd. Raises AssertionError when one of them fails or waits, or the public gets worse than 503."""
    seconds = max(10.0, SECONDS * scale)
    with installation() as serving:
        document = serving.document("partida-de-nacimiento.pdf").read_bytes()
        for number in range(CASES):
            submit(Citizen(serving.address), document, f"V{number:05d}")
        officer = enter(serving, "carla", "/despacho/")
        alone = work(officer, seconds / 3)
        crowd = _crowd(serving, chance, seconds)
        time.sleep(2)
        began = time.monotonic()
        enter(serving, "sara", "/despacho/")
        entering = time.monotonic() - began
        beside = work(officer, seconds - 4 - entering)
        told = json.loads(crowd.communicate(timeout=seconds + 2 * HANG)[0])
        after = Citizen(serving.address, patience=5).get("/tramites/").status
    return verdict(alone, beside, told, entering, after)


def verdict(
    alone: list[float], beside: list[float], told: dict[str, dict[str, int]], entering: float, after: int
) -> str:
    """One line; AssertionError when anything of the promise does not hold."""
    answers = Counter(told["answers"])
    line = (
        f"public {sum(answers.values())} requests: "
        + ", ".join(f"{what} {count}" for what, count in sorted(answers.items()))
        + f"; officers {len(beside)} pages, none refused, p50 {_ms(beside, 50)} p95 {_ms(beside, 95)} ms "
        f"(alone {_ms(alone, 50)} and {_ms(alone, 95)} ms); one signed in within {entering:.1f} s"
    )
    assert set(answers) <= {"200", "503"}, line
    assert answers["200"], line
    assert answers["503"], f"that was no crowd: {line}"
    assert told["kept"]["503 without words or Retry-After"] == 0, line
    assert _ms(beside, 95) <= max(SLOWER * _ms(alone, 95), 1000 * WAIT), line
    assert after == 200, f"the public gets {after} once the crowd is gone: {line}"
    return line


def work(officer: Citizen, seconds: float) -> list[float]:
    """Tray and cases, one after another, without patience: anything but 200 is a failure. Seconds each took."""
    taken = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        status, _where, body = officer.once("/despacho/")
        taken.append(time.monotonic() - began)
        assert status == 200, f"an officer got {status}"
        assert "Bandeja" in body
        time.sleep(0.1)
    return taken


def _ms(taken: list[float], percent: int) -> int:
    return round(1000 * statistics.quantiles(taken, n=100)[percent - 1])


def _crowd(serving: Serving, chance: random.Random, seconds: float) -> subprocess.Popen[str]:
    """In a process of its own, so that its work does not slow the clock of the officers."""
    given = [serving.address, str(seconds), str(chance.randrange(10**6))]
    return subprocess.Popen([sys.executable, "-m", "tests.drills.overload", *given], stdout=subprocess.PIPE, text=True)


async def press(address: str, seconds: float, seed: int) -> dict[str, dict[str, int]]:
    """Every client asks for one page after another; some begin a form and never end it. What they were answered."""
    parts, chance = urlsplit(address), random.Random(seed)
    where = (str(parts.hostname), int(parts.port or 80))
    answers: Counter[str] = Counter()
    kept = Counter({"503 without words or Retry-After": 0})
    until = time.monotonic() + seconds

    async def client() -> None:
        while time.monotonic() < until:
            try:
                head, body = await asyncio.wait_for(_get(where, chance.choice(PAGES)), HANG)
            except TimeoutError:
                answers["hung"] += 1
                continue
            except (OSError, EOFError) as error:
                answers[type(error).__name__] += 1
                continue
            status = head.split(b" ", 2)[1].decode()
            answers[status] += 1
            if status == "503":
                kept["503 without words or Retry-After"] += b"retry-after:" not in head.lower() or len(body) < 100
                await asyncio.sleep(0.3)

    async def stalled() -> None:
        _reader, writer = await asyncio.open_connection(*where)
        writer.write(b"POST /continuar/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\ncode=")
        await asyncio.sleep(seconds)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)), *(stalled() for _ in range(STALLED)))
    return {"answers": dict(answers), "kept": dict(kept)}


async def _get(where: tuple[str, int], path: str) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection(*where)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Language: es\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        return head, await reader.read()
    finally:
        writer.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(press(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))))

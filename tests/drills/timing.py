"""Whether an answer's time or bytes tell that something exists: accounts, requests, certificates.

For each question two kinds of tries are sent in random order: about what exists, with a wrong secret, and about what does not.
The medians may differ by 5 %, or by what the machine itself differs when the same question is measured against itself (A/A).
"""

from __future__ import annotations

import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
from tests.serving import Serving, installation

from cancilleria.site.database import server

SAMPLES, LEAST, MOST = 2_000, 60, 0.05
NUMBERS = """
SELECT e.year || %s || lpad(e.number::text, 6, '0')
FROM register_entry e WHERE e.verb = %s AND e.number IS NOT NULL AND e.organ = 'organ:dgc' ORDER BY e.number LIMIT 1
"""
TOKEN = re.compile(r'(csrfmiddlewaretoken" value=")[^"]*')


@dataclass
class Question:
    """A form, what it is asked about what exists and about what does not, and the times of the answers in milliseconds."""

    name: str
    path: str
    existing: dict[str, str]
    missing: dict[str, str]
    times: dict[str, list[float]] = field(default_factory=lambda: {"existing": [], "missing": []})
    answers: set[tuple[int, str]] = field(default_factory=set)

    def given(self, kind: str) -> dict[str, str]:
        return self.existing if kind == "existing" else self.missing


class Asker:
    """A browser that keeps its form, its cookies and its connection, so that only the answer is timed."""

    def __init__(self, address: str, path: str) -> None:
        self.host, self.path = urlsplit(address), path
        self.connection = http.client.HTTPConnection(self.host.hostname or "", self.host.port, timeout=30)
        body, self.cookies = self._send("GET", None)[1:]
        found = TOKEN.search(body)
        assert found, f"{path} has no form"
        self.token = found[0].rpartition('"')[2]

    def ask(self, given: dict[str, str]) -> tuple[float, int, str]:
        """Milliseconds, status, and the page without what was typed and without its token."""
        data = urlencode({"csrfmiddlewaretoken": self.token, **given})
        began = time.perf_counter()
        status, body, _cookies = self._send("POST", data)
        took = (time.perf_counter() - began) * 1000
        for text in given.values():
            body = body.replace(text, "…")
        return took, status, TOKEN.sub(r"\1…", body)

    def _send(self, method: str, data: str | None) -> tuple[int, str, str]:
        headers = {"Accept-Language": "es", "Content-Type": "application/x-www-form-urlencoded"}
        if data is not None:
            headers["Cookie"] = self.cookies
        self.connection.request(method, self.path, data, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        kept: SimpleCookie = SimpleCookie()
        for value in answer.headers.get_all("Set-Cookie", []):
            kept.load(value)
        return answer.status, body, "; ".join(f"{name}={morsel.value}" for name, morsel in kept.items())


def difference(first: list[float], second: list[float]) -> float:
    """By how much of itself the median of one differs from the other's."""
    one, other = statistics.median(first), statistics.median(second)
    return abs(one - other) / min(one, other)


def noise(times: list[float], chance: random.Random) -> float:
    """A/A: the largest difference met when the same tries are split in two at random, nineteen times (95 %)."""
    found = []
    for _ in range(19):
        mixed = chance.sample(times, len(times))
        found.append(difference(mixed[::2], mixed[1::2]))
    return max(found)


def measure(
    serving: Serving, question: Question, samples: int, forget: Callable[[], None], chance: random.Random
) -> None:
    """Fill the question's times and answers, in an order that nothing on the machine can follow."""
    order = ["existing", "missing"] * samples
    chance.shuffle(order)
    asker = Asker(serving.address, question.path)
    for kind in order[:4]:  # the first ones pay for what is loaded late
        forget()
        asker.ask(question.given(kind))
    for kind in order:
        forget()
        took, status, body = asker.ask(question.given(kind))
        question.times[kind].append(took)
        question.answers.add((status, body))


def questions(serving: Serving, connection: psycopg.Connection) -> Iterator[Question]:
    """What a stranger can ask. A password is not reset on a page: the office hands out a new way in."""
    email, wrong = serving.logins[0]["email"], "no es esta clave"
    nobody = "x" * email.index("@") + email[email.index("@") :]
    yield Question(
        "sign-in", "/cuentas/entrar/", {"login": email, "password": wrong}, {"login": nobody, "password": wrong}
    )
    for name, path, verb in (
        ("tracking", "/seguimiento/", "case.submitted"),
        ("verification", "/verificar/", "apostille.issued"),
    ):
        row = connection.execute(NUMBERS, ["-DGC-", verb]).fetchone()
        number = str(row[0]) if row else ""
        assert number, f"the demonstration has no {verb}"
        secret = {"code": "0000-0000-0000-00"} | ({"on": "2026-01-02"} if name == "verification" else {})
        yield Question(name, path, {"number": number, **secret}, {"number": number[:-6] + "987654", **secret})


def verdict(question: Question, chance: random.Random) -> str:
    """One line; raises AssertionError when bytes differ, or times beyond both 5 % and the noise."""
    assert len(question.answers) == 1, f"{question.name}: answers differ: {[(s, len(b)) for s, b in question.answers]}"
    told = difference(question.times["existing"], question.times["missing"])
    own = max(noise(times, chance) for times in question.times.values())
    medians = [statistics.median(question.times[kind]) for kind in ("existing", "missing")]
    line = f"{question.name} {medians[0]:.2f}/{medians[1]:.2f} ms, {told:.1%} (A/A {own:.1%})"
    assert told <= max(MOST, own), line
    return line


def make_one(serving: Serving) -> None:
    """A whole case with its certificate."""
    given = {
        **os.environ,
        "CANCILLERIA_HOME": str(serving.home),
        "CANCILLERIA_PORT": serving.address.rpartition(":")[2],
    }
    command = [str(Path(sys.executable).parent / "cancilleria"), "demo", "apostilles", "1", "--out"]
    subprocess.run([*command, str(serving.home / "medida")], env=given, check=True, capture_output=True)


def drill(chance: random.Random, scale: float) -> str:
    """Existing against missing, interleaved."""
    samples = max(LEAST, round(SAMPLES * scale))
    lines = []
    with (
        installation() as serving,
        server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection,
    ):
        connection.autocommit = True
        make_one(serving)

        def forget() -> None:
            connection.execute("DELETE FROM site_cache")

        for question in questions(serving, connection):
            measure(serving, question, samples, forget, chance)
            lines.append(verdict(question, chance))
    return f"timing, {samples} samples each: " + "; ".join(lines)


if __name__ == "__main__":
    print(drill(random.Random(1), 0.05))

"""Row-level security under a pool: ten thousand interleaved requests of five posts, through the real web server.

Each asks for people of its own office and of others', by the page where nothing but the database stands between them; citizens
without any scope, lines that are cut and pages that fail come in between, on the same few connections.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg
from tests.drills.citizen import PATIENT, Citizen
from tests.drills.hostile import enter
from tests.serving import Serving, installation

from cancilleria.site.database import server

REQUESTS, CLIENTS, PEOPLE = 10_000, 16, 20
# Five posts; the last one holds the cases of every office, and must lend its sight to nobody.
POSTS = ("carla", "marta", "rita", "julia", "andres")
EVERYWHERE = "andres"
SEEN = "SELECT count(*) FROM people_person"
CITIZEN, CUT, LOST = "a citizen", "cut", "a page that is not there"


@dataclass
class Asking:
    """Who asks for whom, and what came of it."""

    serving: Serving
    cookies: dict[str, str]
    organs: dict[str, str]
    people: list[tuple[str, str, str]]
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, seed: str) -> None:
        """One request of somebody, chosen by the seed."""
        chance = random.Random(seed)
        who = chance.choice([*POSTS, *POSTS, *POSTS, CITIZEN, CUT, LOST])
        organ, key, surname = chance.choice(self.people)
        path, name = f"/despacho/persona/{key.removeprefix('person:')}/", who
        if who in (CITIZEN, CUT):
            name = chance.choice(POSTS) if who == CUT else ""
        if who == LOST:
            name, path = chance.choice(POSTS), "/despacho/persona/00000000-0000-4000-8000-000000000000/"
        deadline = time.monotonic() + PATIENT
        # Who finds no place is told to come back, and does.
        while (found := self._get(path, name, cut=who == CUT))[0] == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        status, body = found
        may = who == EVERYWHERE or self.organs.get(who) == organ
        with self.lock:
            self._judge(who, status, surname in body, may=may)

    def _judge(self, who: str, status: int, shown: bool, *, may: bool) -> None:
        kind = who if who in (CITIZEN, CUT, LOST) else "own" if may else "foreign"
        good = {"own": (status, shown) == (200, True), "foreign": (status, shown) == (404, False),
                CITIZEN: status == 302 and not shown, LOST: status == 404, CUT: True}[kind]  # fmt: skip
        self.told[kind] += 1
        if not good:
            self.wrong.append(f"{who}: {kind}: {status}, shown {shown}")

    def _get(self, path: str, name: str, *, cut: bool) -> tuple[int, str]:
        host, _, port = self.serving.address.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookies[name]} if name else {})
            if cut:
                return 0, ""
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


def cookie_of(browser: Citizen) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def registered(serving: Serving, organs: list[str]) -> list[tuple[str, str, str]]:
    """People of each office: its key, the person's key and surname."""
    given = {**os.environ, "CANCILLERIA_HOME": str(serving.home), "CANCILLERIA_ROLE": "app",
             "DJANGO_SETTINGS_MODULE": "cancilleria.site.settings"}  # fmt: skip
    command = [sys.executable, "-m", "tests.drills.people", str(PEOPLE), *organs]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=True)
    found: list[tuple[str, str, str]] = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    return found


def without_scope(rows: psycopg.Connection) -> tuple[int, int]:
    """What the application's role sees with no scope; and what the next client would, had a scope been set for the session."""
    rows.execute("SET ROLE cancilleria_app")
    (nothing,) = rows.execute(SEEN).fetchone() or (-1,)
    rows.execute("SELECT set_config('cancilleria.scope', '*', false)")
    (leaked,) = rows.execute(SEEN).fetchone() or (-1,)
    rows.execute("RESET ALL")
    rows.execute("RESET ROLE")
    return int(nothing), int(leaked)


def drill(chance: random.Random, scale: float) -> str:
    """Ten thousand at scale 1. AssertionError for a foreign row, an own one that is not shown, or a row without a scope."""
    with installation() as serving:
        logins = {name: next(found for found in serving.logins if found["email"].startswith(name)) for name in POSTS}
        organs = {name: login["organ"] for name, login in logins.items()}
        people = registered(serving, sorted(set(organs.values())))
        cookies = {name: cookie_of(enter(serving, login)) for name, login in logins.items()}
        asking = Asking(serving, cookies, organs, people)
        seeds = [f"{chance.random()}" for _ in range(max(200, round(REQUESTS * scale)))]
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(asking.ask, seeds))
        with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as rows:
            rows.autocommit = True
            nothing, leaked = without_scope(rows)
    assert asking.wrong == [], (len(asking.wrong), asking.wrong[:10])
    assert nothing == 0, f"{nothing} rows without a scope"
    assert leaked == len(people), f"a scope of the session should have shown everybody, and showed {leaked}"
    return (
        f"{len(seeds)} requests of {len(POSTS)} posts by {CLIENTS} clients ({dict(asking.told)}): 0 foreign rows; without a "
        f"scope {nothing} of {len(people)} rows"
    )


if __name__ == "__main__":
    print(drill(random.Random(1), 0.1))

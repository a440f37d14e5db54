"""The same act asked fifty times at the same moment, through the real web server: done once, with one number, told to all alike.

Three doors: a citizen's submission (the key is in the page), a program's call (the key is in a header), an officer's button
(the case's own state). The same key with another body is refused with 422.
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
from tests.drills import cashier
from tests.drills.citizen import PATIENT, Citizen, forms_of
from tests.drills.contract import Officer
from tests.drills.hostile import enter
from tests.drills.kill import number_on, review
from tests.drills.ledger import Ledger
from tests.serving import Serving, installation

from cancilleria.site.database import server

TIMES, ROUNDS = 50, 10
T = TypeVar("T")
CASE_OF = """
SELECT c.id::text FROM cases_case c JOIN register_entry e ON e.id = c.entry_id
WHERE e.number = %s AND e.verb = 'case.submitted' AND e.organ = 'organ:dgc'
"""
ACTS = "SELECT count(*) FROM register_entry WHERE verb = %s AND %s = ANY(subjects)"
GAPS = "SELECT count(*) - max(number) FROM register_entry WHERE book IS NOT NULL GROUP BY organ, book, year"


@dataclass
class Round:
    """One request, from its submission to its certificate."""

    serving: Serving
    token: str
    officer: Citizen
    window: cashier.Cashier
    rows: psycopg.Connection

    def whole(self, document: bytes, number: str) -> int:
        """Ask everything `TIMES` times; returns how many requests were sent. AssertionError when anything is done twice."""
        case = self._submitted(document, number)
        return self._noted(case) + self._issued(case) + TIMES + 2

    def _submitted(self, document: bytes, number: str) -> str:
        citizen = Citizen(self.serving.address)
        page = review(citizen, document, number)
        form = page.form(having="body")
        pages = at_once(lambda: _same(citizen).send(page, form, {}))
        told = {number_on(found) for found in pages}
        assert len(told) == 1, f"{TIMES} presses were told {told}"
        for other in ({"body": "0" * 64}, {"body": "0" * 64, "key": form.fields["key"]}):
            assert _same(citizen).send(page, form, other).status == 422, "another body under the same key was taken"
        (receipt,) = told
        with tempfile.TemporaryDirectory() as folder:
            self.window.take(receipt, Ledger(Path(folder) / "recibos.jsonl"))
        found = self.rows.execute(CASE_OF, [int(receipt.rpartition("-")[2])]).fetchall()
        assert len(found) == 1, found
        self._once("case.submitted", str(found[0][0]))
        return str(found[0][0])

    def _noted(self, case: str) -> int:
        body = {"act": "note", "seen": self._revision(case), "given": {"text": "Llamó la entidad."}}
        told = {*at_once(lambda: self._call(case, body, f"nota-{case}"))}
        assert len(told) == 1, f"{TIMES} calls were told {len(told)} different things"
        assert next(iter(told))[0] == 200, told
        self._once("case.noted", case)
        other = {**body, "given": {"text": "Otra cosa."}}
        refused = {*at_once(lambda: self._call(case, other, f"nota-{case}")[0])}
        assert refused == {422}, refused
        self._once("case.noted", case)
        return 2 * TIMES

    def _issued(self, case: str) -> int:
        page = self.officer.get(f"/despacho/apostilla/{case}/")
        form = next((found for found in forms_of(page.body) if "do" in found.names), None)
        assert form is not None, f"nothing to press at {page.url} ({page.status})"
        pages = at_once(lambda: _same(self.officer).send(page, form, {"do": "issue"}))
        assert {found.status for found in pages} <= {200, 409, 422}, [found.status for found in pages]
        assert any(found.status == 200 for found in pages)
        self._once("apostille.issued", case)
        return TIMES

    def _once(self, verb: str, case: str) -> None:
        row = self.rows.execute(ACTS, [verb, f"case:{case}"]).fetchone()
        assert row is not None
        assert row[0] == 1, f"{verb} was done {row[0]} times"

    def _revision(self, case: str) -> int:
        row = self.rows.execute("SELECT revision FROM cases_case WHERE id = %s", [case]).fetchone()
        assert row is not None
        return int(row[0])

    def _call(self, case: str, body: dict[str, object], key: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        address = f"{self.serving.address}/api/v1/desk/cases/{case}/acts"
        asked = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - our own installation
        deadline = time.monotonic() + PATIENT
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                    return int(answer.status), answer.read()
            except urllib.error.HTTPError as error:
                # Fifty at once are more than the public's places: who finds none is told to come back, and does.
                if error.code != 503 or time.monotonic() > deadline:
                    return error.code, error.read()
            time.sleep(0.3)


def at_once(ask: Callable[[], T]) -> list[T]:
    """What `TIMES` threads are told that ask at the same moment. Raises what any of them raised."""
    gate, told, failures = threading.Barrier(TIMES), [], []

    def one() -> None:
        gate.wait()
        try:
            told.append(ask())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return told


def _same(browser: Citizen) -> Citizen:
    """Another window of the same browser."""
    window = Citizen(browser.address)
    window.cookies.load(browser.cookies.output(header="", sep=";"))
    return window


def drill(chance: random.Random, scale: float) -> str:
    """Ten rounds at scale 1."""
    rounds, sent = max(2, round(ROUNDS * scale)), 0
    with (
        installation() as serving,
        server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as rows,
    ):
        rows.autocommit = True
        document = serving.document("partida-de-nacimiento.pdf").read_bytes()
        token = Officer(serving, "carla").token("una vez", ("desk.cases", "apostille.issued"))
        luis = next(login for login in serving.logins if login["email"].startswith("luis"))
        whole = Round(serving, token, enter(serving, luis), cashier.signed_in(serving), rows)
        for turn in range(rounds):
            sent += whole.whole(document, f"V{chance.randrange(10**6):06d}{turn:03d}")
        gaps = [row[0] for row in rows.execute(GAPS) if row[0]]
        assert gaps == [], "a number is missing"
    return (
        f"{rounds} rounds, each act asked {TIMES} times at once by page, program and desk ({sent} requests): done once, one "
        "number, one answer; another body 422"
    )


if __name__ == "__main__":
    print(drill(random.Random(1), 0.1))

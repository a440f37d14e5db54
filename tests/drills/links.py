"""Slow telephones and cut lines: 64 kbit/s, 600 ms there and back, cuts in the middle of what is sent and of the answer, minutes offline.

Citizens ask, the cashier charges, an official issues. Each act is done exactly once, the draft survives, and the same press
repeated shows the same receipt.
"""

from __future__ import annotations

import dataclasses
import random
import tempfile
import threading
from pathlib import Path

from tests.drills import cashier
from tests.drills.citizen import Citizen, Page
from tests.drills.kill import ANSWERS, NUMBER, PAID, RECORDED
from tests.drills.ledger import Ledger, compare
from tests.drills.line import Cut, Line
from tests.drills.officer import enter
from tests.serving import Serving, installation

from cancilleria.site.database import server

RATE, DELAY, OFFLINE_SECONDS = 8_000, 0.3, 120
CITIZENS = 8
# Within it a cut answer is known as one by the simplest client; within headers it would be taken for a whole one.
STATUS_LINE = 12
PATIENCE, ANSWER_SECONDS = 600, 120
ISSUED = "SELECT count(*), count(DISTINCT case_id) FROM apostille_apostille"


@dataclasses.dataclass
class Asked:
    """One request that was acknowledged: number and address of the case."""

    number: str
    case: str


def drill(chance: random.Random, scale: float) -> str:
    """Raises AssertionError when anything is lost, twice, or shown otherwise the second time."""
    people = max(2, round(CITIZENS * scale))
    with installation() as serving:
        return run(serving, chance, scale, people)


def run(serving: Serving, chance: random.Random, scale: float, people: int) -> str:
    lines = [_line(serving, scale) for _ in range(people + 1)]
    before = _issued(serving)[0]
    asked = _all_ask(serving, lines[:-1], chance, scale)
    office = dataclasses.replace(serving, address=lines[-1].address)
    paid = _charge(office, lines[-1], asked)
    _issue(office, lines[-1], asked)
    wrong = compare([found.number for found in asked], _rows(serving, RECORDED))
    assert not any(wrong.values()), wrong
    assert len(_rows(serving, PAID)) == paid == len(asked), f"{len(_rows(serving, PAID))} receipts, {paid} shown"
    issued, cases = _issued(serving)
    assert issued == cases, "a case was issued twice"
    assert issued - before == len(asked), f"{issued - before} issued of {len(asked)}"
    cuts = sum(line.cuts for line in lines)
    for line in lines:
        line.close()
    return (
        f"{people} requests over {8 * RATE / scale / 1000:.0f} kbit/s and {2000 * DELAY * min(1, scale):.0f} ms, "
        f"{cuts} cuts, {OFFLINE_SECONDS * scale:.0f} s offline in the form: each asked, charged and issued once; "
        "drafts whole; repeated presses showed the same receipt"
    )


def _line(serving: Serving, scale: float) -> Line:
    return Line(serving.address, rate=RATE / scale, delay=DELAY * min(1, scale))


def _all_ask(serving: Serving, lines: list[Line], chance: random.Random, scale: float) -> list[Asked]:
    document = serving.document("partida-de-nacimiento.pdf").read_bytes()
    asked: list[Asked] = []
    failures: list[BaseException] = []

    def one(line: Line, number: str, own: random.Random) -> None:
        try:
            asked.append(ask(line, document, number, own, OFFLINE_SECONDS * scale))
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=one, args=(line, f"L{n:05d}", random.Random(chance.random())))
        for n, line in enumerate(lines)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"{len(failures)} gave up: {failures[0]!r}"
    return asked


def ask(line: Line, document: bytes, number: str, chance: random.Random, offline: float) -> Asked:
    """A whole request; cut twice while the document goes up and once while it is answered, offline once, cut at the end."""
    browser = Citizen(line.address, patience=PATIENCE, timeout=ANSWER_SECONDS)
    page = browser.get("/tramites/apostille/")
    page = browser.send(page, page.form(to="empezar"), {})
    for name, answers in ANSWERS:
        given = answers | ({"document_number": number} if name == "document_number" else {})
        if name == "document":
            line.plan(Cut(up=chance.randrange(600, len(document))) for _ in range(2))
            line.plan([Cut(down=chance.randrange(STATUS_LINE)), Cut(), Cut(down=chance.randrange(2_000, 6_000))])
        if name == "given_names":
            line.offline(offline)
        page = browser.send(page, page.form(having=name), given, {"document": document} if name == "document" else None)
    for kept in ("documento.pdf", "Carla", "Inventada", number, "carla@ejemplo.example"):
        assert kept in page.body, f"the draft lost {kept}"
    form = page.form(having="body")
    line.plan([Cut(up=chance.randrange(20, 600)), Cut(down=chance.randrange(STATUS_LINE)), Cut(down=0)])
    shown = browser.send(page, form, {})
    again = browser.send(page, form, {})
    assert again.url == shown.url, "the same press made another receipt"
    return Asked(_found(again), shown.url.rstrip("/").rpartition("/")[2])


def _found(page: Page) -> str:
    found = NUMBER.search(page.body)
    assert page.status == 200, f"{page.url}: {page.status}"
    assert found is not None, f"no number at {page.url}"
    return found[0]


def _charge(office: Serving, line: Line, asked: list[Asked]) -> int:
    """Every request paid in cash; the line is cut once the press has arrived. How many receipts were shown."""
    window = cashier.signed_in(office)
    receipts = Ledger(Path(tempfile.mkdtemp(prefix="enlaces-")) / "recibos.jsonl")
    for found in asked:
        line.plan([Cut(), Cut(), Cut(down=0)])
        window.take(found.number, receipts)
    shown = {row["receipt"] for row in receipts.lines()}
    return len(shown)


def _issue(office: Serving, line: Line, asked: list[Asked]) -> None:
    browser = enter(office, "carla", "/despacho/")
    for found in asked:
        page = browser.get(f"/despacho/apostilla/{found.case}/")
        form = page.form(having="reason")
        line.plan([Cut(down=0), Cut(down=STATUS_LINE)])
        first = browser.send(page, form, {"do": "issue"})
        second = browser.send(page, form, {"do": "issue"})
        assert first.status == second.status == 200, f"{first.status}, {second.status} at {first.url}"


def _rows(serving: Serving, query: str) -> list[tuple[str, int]]:
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        return [(str(row[0]), int(row[1])) for row in connection.execute(query)]  # type: ignore[call-overload]


def _issued(serving: Serving) -> tuple[int, int]:
    count, cases = _rows(serving, ISSUED)[0]
    return int(count), cases

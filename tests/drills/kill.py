"""Submissions by many clients while web, worker and database are killed at random.

Afterwards: nothing acknowledged is lost, nothing is there twice, no number is missing, and the independent checker finds
the log whole. SUBMISSIONS and CLIENTS may be given in the environment; otherwise the scale decides.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.drills import cashier, processes
from tests.drills.citizen import PATIENT, Citizen, Page
from tests.drills.ledger import Ledger, compare
from tests.serving import Serving, healthy, installation

from cancilleria.site.database import server

ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("destination", {"destination": "ES"}),
    ("kind", {"kind": "civil_registry"}),
    ("document", {}),
    ("given_names", {"given_names": "Carla", "first_surname": "Inventada", "second_surname": ""}),
    ("document_number", {"document_kind": "passport", "issuing_state": "ES"}),
    ("email", {"email": "carla@ejemplo.example"}),
)
NUMBER = re.compile(r"\d{4}-DGC-\d{6}")
TARGETS: dict[str, Callable[[str], bool]] = {
    "web": lambda command: "granian" in command,
    "worker": lambda command: command.endswith("worker"),
    "database": lambda command: command.startswith("postgres:") or "/postgres -D" in command,
}
RECORDED = """
SELECT e.year || '-DGC-' || lpad(e.number::text, 6, '0'), e.number FROM register_entry e JOIN cases_case c ON c.entry_id = e.id
WHERE e.verb = 'case.submitted' AND e.organ = 'organ:dgc' ORDER BY e.number
"""


PAID = """
SELECT r.id::text, e.number, r.total FROM fees_receipt r JOIN register_entry e ON e.id = r.entry_id
WHERE e.organ = 'organ:dgc' AND r.voided_id IS NULL ORDER BY e.number
"""
TAKINGS = 120
FULL = 2_800  # about 20,000 acts
LOG_SHOWN = 6_000
STANDING = 0.75
SETTLE_SECONDS = 60


def submit(citizen: Citizen, document: bytes, number: str) -> str:
    """One whole request, page by page, as a browser without JavaScript sends it. Returns the number on the receipt."""
    page = review(citizen, document, number)
    return number_on(citizen.send(page, page.form(having="body"), {}))


def review(citizen: Citizen, document: bytes, number: str) -> Page:
    """The last page of a request, where everything is read once more before it is sent."""
    page = citizen.get("/tramites/apostille/")
    page = citizen.send(page, page.form(to="empezar"), {})
    for name, answers in ANSWERS:
        files = {"document": document} if name == "document" else None
        given = answers | ({"document_number": number} if name == "document_number" else {})
        page = citizen.send(page, page.form(having=name), given, files)
    return page


def number_on(page: Page) -> str:
    """The number a receipt shows. AssertionError for any other page."""
    found = NUMBER.search(page.body)
    if page.status != 200 or found is None or "/constancia/" not in page.url:
        raise AssertionError(f"no receipt at {page.url} ({page.status})")
    return found[0]


def client(serving: Serving, name: int, count: int, ledger: Ledger, document: bytes) -> None:
    for turn in range(count):
        citizen = Citizen(serving.address, patience=PATIENT)
        ledger.write(number=submit(citizen, document, f"D{name:03d}{turn:05d}"))


def strike(serving: Serving, chance: random.Random, over: threading.Event) -> list[str]:
    """Kill one process 2 to 4 seconds after the last until the drill is over; most times once all is well again.

    One blow in four falls on what is getting up. More, on a slow machine, and nothing would ever stand: a drill of nothing.
    """
    struck = []
    while not over.wait(chance.uniform(2, 4)):
        if chance.random() < STANDING:
            _wait_until_well(serving, over)
        kind = chance.choice(sorted(TARGETS))
        found = [p for p in processes.descendants(serving.process.pid) if TARGETS[kind](p.command)]
        if found and processes.kill(victim := chance.choice(found)):
            struck.append(kind)
            print(f"  kill -9 {victim.pid} {kind}: {victim.command[:60]}", flush=True)
    return struck


def _wait_until_well(serving: Serving, over: threading.Event) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while not healthy(serving.address) and time.monotonic() < deadline and not over.wait(0.2):
        pass


def under_fire(serving: Serving, *, submissions: int, clients: int, chance: random.Random) -> tuple[int, int]:
    """How many things are wrong afterwards, and how many processes were killed."""
    over = threading.Event()
    ledger = Ledger(Path(tempfile.mkdtemp(prefix="libro-")) / "acuses.jsonl")
    document = serving.document("partida-de-nacimiento.pdf").read_bytes()
    receipts, window = Ledger(ledger.path.with_name("recibos.jsonl")), cashier.signed_in(serving)
    failures: list[BaseException] = []
    struck: list[str] = []

    def guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    share = [submissions // clients + (n < submissions % clients) for n in range(clients)]
    threads = [
        threading.Thread(target=guarded, args=(lambda n=n: client(serving, n, share[n], ledger, document),))
        for n in range(clients)
    ]
    striker = threading.Thread(target=lambda: struck.extend(strike(serving, chance, over)))
    done = threading.Event()
    most = min(TAKINGS, submissions)
    clerk = threading.Thread(target=guarded, args=(lambda: cashier.work(window, ledger, receipts, done, most),))
    began = time.monotonic()
    for thread in [*threads, clerk, striker]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    clerk.join()
    over.set()
    striker.join()
    print(f"{len(ledger.lines())} acknowledged in {time.monotonic() - began:.0f} s; {len(struck)} faults: "
          + ", ".join(f"{kind} {struck.count(kind)}" for kind in sorted(TARGETS)))  # fmt: skip
    for failure in failures:
        print(f"a client gave up: {failure!r}")
    wrong = verdict(serving, ledger, submissions) + _money(serving, window, receipts) + len(failures)
    return wrong, len(struck)


def _money(serving: Serving, window: cashier.Cashier, receipts: Ledger) -> int:
    """Compare the receipts shown with those recorded, then count the box and close it. Returns how many things are wrong."""
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        recorded = connection.execute(PAID).fetchall()
    shown = [line["receipt"] for line in receipts.lines()]
    wrong = compare(shown, [(key, int(number)) for key, number, _ in recorded])
    for name, found in wrong.items():
        print(f"receipts {name}: {len(found)} {found[:5]}")
    closed = window.close()
    told = "La caja quedó cerrada" in closed.body
    print(f"receipts recorded: {len(recorded)}; shown: {len(shown)}; the box closes without a difference: {told}")
    return sum(len(found) for found in wrong.values()) + (len(recorded) != len(shown)) + (not told)


def verdict(serving: Serving, ledger: Ledger, submissions: int) -> int:
    """Compare the ledger with the register, then let the checker look. Returns how many things are wrong."""
    _settle(serving)
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        recorded = [(str(number), int(correlative)) for number, correlative in connection.execute(RECORDED)]
    acknowledged = [line["number"] for line in ledger.lines()]
    wrong = compare(acknowledged, recorded)
    for name, found in wrong.items():
        print(f"{name}: {len(found)} {found[:5]}")
    print(f"recorded: {len(recorded)}; acknowledged: {len(acknowledged)} of {submissions}")
    program = str(Path(sys.executable).parent / "cancilleria")
    port = serving.address.rsplit(":", 1)[1]
    given = {**os.environ, "CANCILLERIA_HOME": str(serving.home), "CANCILLERIA_PORT": port}
    checked = subprocess.run([program, "check"], env=given, check=False).returncode
    return sum(len(found) for found in wrong.values()) + (len(set(acknowledged)) != submissions) + checked


def _settle(serving: Serving) -> None:
    _wait_until_well(serving, threading.Event())
    time.sleep(3)  # the sequencer takes what still waits


def drill(chance: random.Random, scale: float) -> str:
    """Kill while requests are made and paid. Raises AssertionError when anything is lost, twice, or missing."""
    submissions = int(os.environ.get("SUBMISSIONS") or max(40, round(FULL * scale)))
    clients = int(os.environ.get("CLIENTS") or 20)
    with installation() as serving:
        wrong, kills = under_fire(serving, submissions=submissions, clients=clients, chance=chance)
        if wrong:
            print("The installation's own account ends:\n" + serving.log.read_text(errors="replace")[-LOG_SHOWN:])
    assert wrong == 0, f"{wrong} things are wrong"
    return (
        f"{submissions} submissions by {clients} clients, {kills} kills: nothing lost, nothing twice, no number missing"
    )

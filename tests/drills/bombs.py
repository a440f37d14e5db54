"""Bombs sent to every door that takes a file, of an installation as anybody starts one, while other people ask for pages.

Each is refused within two seconds, or within twice what a good document takes when the machine is busy, with words that say what
to do, and leaves nothing behind: no row, no file. What the others wait meanwhile is told beside what they waited before.
"""

from __future__ import annotations

import csv
import functools
import html
import http.client
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql
from tests.bombs import BOMBS, bomb
from tests.drills.citizen import Citizen, Form, Page, forms_of
from tests.drills.hostile import enter
from tests.serving import Serving, installation

from cancilleria.kernel.documents.rules import REFUSALS
from cancilleria.site.database import server

SECONDS, QUIET, PAUSE = 2.0, 5.0, 0.05
KEPT = ("documents_blob", "documents_document", "documents_version", "cases_draftdocument")
BODIES = {
    "deep array": b"[" * 30_000 + b"]" * 30_000,
    "deep object": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "long number": b'{"number": ' + b"9" * 60_000 + b"}",
    "not a number": b'{"number": NaN, "code": Infinity}',
    "half a letter": b'{"number": "\\ud800", "code": "\\udfff"}',
    "a megabyte": b'{"number": "' + b"x" * 1_000_000 + b'"}',
}


@dataclass
class Told:
    """What happened at one door: how many, the slowest answer in seconds, and what should not have happened."""

    door: str
    sent: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def judge(self, name: str, took: float, most: float, problem: str) -> None:
        self.sent, self.slowest = self.sent + 1, max(self.slowest, took)
        if problem or took > most:
            self.wrong.append(f"{self.door}, {name}: {problem or f'{took:.1f} s, and a bomb may take {most:.1f}'}")

    def __str__(self) -> str:
        return f"{self.door} {self.sent}, slowest {self.slowest:.2f} s"


class Others(threading.Thread):
    """Somebody who asks for public pages one after another and counts the milliseconds."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.times = Citizen(address, patience=60), list[float]()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(PAUSE):
            began = time.perf_counter()
            self.browser.get("/tramites/apostille/")
            self.times.append((time.perf_counter() - began) * 1000)

    def until_now(self) -> str:
        """Median and 95th percentile since it was asked before."""
        times, self.times = sorted(self.times), []
        return (
            f"{statistics.median(times):.0f}/{times[int(len(times) * 0.95)]:.0f} ms of {len(times)}"
            if times
            else "none"
        )


def words(page: Page) -> bool:
    """Whether the page tells one of the reasons for which a file is refused."""
    if not settings.configured:
        settings.configure(USE_I18N=False)  # the words as they stand in the source, which the page speaks
    told = html.unescape(page.body)
    return any(str(text) in told for text in REFUSALS.values())


def to_form(
    told: Told, browser: Citizen, open_: Callable[[], tuple[Page, Form]], answers: dict[str, str], most: float
) -> None:
    """Every bomb in the first file field of a form."""
    for name in BOMBS:
        page, form = open_()
        data, began = bomb(name), time.monotonic()
        try:
            after = browser.send(page, form, answers, {form.files[0]: data})
        except TimeoutError as error:  # what the browser says of a 5xx
            told.judge(name, time.monotonic() - began, most, str(error)[:200])
            continue
        took = time.monotonic() - began
        refused = after.status == 422 or any(form.files[0] in found.files for found in forms_of(after.body))
        told.judge(name, took, most, "" if refused and words(after) else f"{after.status} without a reason")


def at_request(serving: Serving, document: bytes) -> tuple[Callable[[], Told], float]:
    """The citizen's page, which a good document has passed, and how long that took."""
    browser = Citizen(serving.address, patience=0)
    page = browser.get("/tramites/apostille/")
    page = browser.send(page, page.form(to="empezar"), {})
    page = browser.send(page, page.form(having="destination"), {"destination": "ES"})
    page = browser.send(page, page.form(having="kind"), {"kind": "civil_registry"})
    asked, form = page, page.form(having="document")
    began = time.monotonic()
    browser.send(page, form, {}, {"document": document})
    plain = time.monotonic() - began

    def bombed() -> Told:
        told = Told("portal")
        to_form(told, browser, lambda: (asked, form), {}, max(SECONDS, 2 * plain))
        return told

    return bombed, plain


def at_counter(serving: Serving, most: float) -> Told:
    """The window of an officer, whose page makes a document of pictures."""
    told = Told("counter")
    browser = _officer(serving, "/despacho/ventanilla/")
    index = browser.get("/despacho/ventanilla/").body
    address = next(
        part.split('"')[0]
        for part in index.split('href="')[1:]
        if part.startswith("/despacho/ventanilla/") and part[21] != '"'
    )

    def opened() -> tuple[Page, Form]:
        page = browser.get(address)
        return page, next(form for form in forms_of(page.body) if form.files)

    to_form(told, browser, opened, {}, most)
    return told


def at_specimens(serving: Serving, most: float) -> Told:
    """The register of signatures, everything else being right."""
    told, path = Told("specimen"), "/despacho/firmas/nueva/"
    browser = _officer(serving, path)
    answers = {
        "kind": "authority", "name": "Rosa Inventada", "capacity": "Registradora", "entity": "Entidad Inventada",
        "state": "PE", "valid_from": "2026-01-02", "source": "Oficio 1",
    }  # fmt: skip

    def opened() -> tuple[Page, Form]:
        page = browser.get(path)
        return page, page.form(having="signature")

    to_form(told, browser, opened, answers, most)
    return told


def at_interface(serving: Serving, most: float) -> Told:
    """Bodies of programs: JSON that a reader would drown in."""
    told, host = Told("interface"), urlsplit(serving.address)
    for path in ("/api/v1/cases/track", "/mcp"):
        for name, body in BODIES.items():
            connection, began = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60), time.monotonic()
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text, took = answer.read().decode(), time.monotonic() - began
            refused = 400 <= answer.status < 500 or '"error"' in text
            told.judge(f"{path} {name}", took, most, "" if refused else f"{answer.status} {text[:100]}")
    return told


def at_command(serving: Serving, most: float) -> Told:
    """`cancilleria seal verify`, which starts a program: its start is not the bomb's."""
    told, folder = Told("seal verify"), serving.home.parent / "sellos"
    folder.mkdir()
    began = time.monotonic()
    _run(serving, "seal", "verify", str(folder / "ninguno.png"))
    start = time.monotonic() - began
    for name in BOMBS:
        (folder / name).write_bytes(bomb(name))
        began = time.monotonic()
        done = _run(serving, "seal", "verify", str(folder / name))
        said = (
            ""
            if done.returncode == 2 and "NO SE PUEDE LEER" in done.stdout
            else f"{done.returncode} {done.stdout}{done.stderr}"
        )
        told.judge(name, time.monotonic() - began, most + 2 * start, said[-300:])
    return told


def at_import(serving: Serving, most: float) -> Told:
    """A folder whose rows name bombs, files outside it, and links out of it."""
    told, folder = Told("import"), serving.home.parent / "viejo"
    folder.mkdir()
    for name in BOMBS:
        (folder / name).write_bytes(bomb(name))
    (serving.home.parent / "fuera.pdf").write_bytes(serving.document("partida-de-nacimiento.pdf").read_bytes())
    (folder / "enlace.pdf").symlink_to(serving.home.parent / "fuera.pdf")
    names = [*BOMBS, "../fuera.pdf", str(serving.home.parent / "fuera.pdf"), "enlace.pdf", "no\x01hay.pdf"]
    with (folder / "actos.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "date", "organ", "verb", "file"])
        rows.writerows([f"AP-{n}", "2019-05-31", "organ:dgc", "apostille.issued", name] for n, name in enumerate(names))
    began = time.monotonic()
    done = _run(serving, "import", str(folder), "--system", "anterior")
    took = (time.monotonic() - began) / len(names)
    report = list(csv.DictReader((folder / "informe.csv").open(encoding="utf-8")))
    taken = [row["numero"] for row in report if row["resultado"] != "rechazada" or not row["motivo"]]
    problem = f"taken {taken}" if taken or len(report) != len(names) else done.stderr if done.returncode != 1 else ""
    told.judge("folder", took, most, problem[-300:])
    told.sent = len(names)
    return told


def nothing_kept(serving: Serving, door: Callable[[], Told]) -> Told:
    """What was told at the door, with a complaint when a row or a file stayed behind."""
    with server.connect(server.Cluster(serving.home / "postgresql"), database="cancilleria") as connection:
        connection.autocommit = True
        before = _kept(connection, serving.home)
        told = door()
        if (after := _kept(connection, serving.home)) != before:
            told.wrong.append(f"{told.door} kept something: {before} became {after}")
    return told


def _kept(connection: psycopg.Connection, home: Path) -> dict[str, int]:
    counts = {
        table: connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        for table in KEPT
    }
    return {table: row[0] if row else 0 for table, row in counts.items()} | {
        "files": sum(path.is_file() for path in (home / "archivos").rglob("*"))
    }


def _officer(serving: Serving, path: str) -> Citizen:
    """The first of the demonstration who may open this page."""
    for login in serving.logins:
        browser = enter(serving, login)
        if browser.get(path).status == 200:
            return browser
    raise AssertionError(f"nobody may open {path}")


def _run(serving: Serving, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {
        **os.environ,
        "CANCILLERIA_HOME": str(serving.home),
        "CANCILLERIA_PORT": serving.address.rpartition(":")[2],
    }
    command = [str(Path(sys.executable).parent / "cancilleria"), *arguments]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=600)


def drill(_chance: random.Random, _scale: float) -> str:
    """Door by door; the others' waiting beside."""
    with installation() as serving:
        others = Others(serving.address)
        others.start()
        time.sleep(QUIET)
        lines, quiet, wrong = [], others.until_now(), list[str]()
        at_portal, plain = at_request(serving, serving.document("partida-de-nacimiento.pdf").read_bytes())
        most = max(SECONDS, 2 * plain)
        doors = (at_counter, at_specimens, at_interface, at_command, at_import)
        for door in (at_portal, *(functools.partial(door, serving, most) for door in doors)):
            told = nothing_kept(serving, door)
            lines.append(str(told))
            wrong += told.wrong
        bombed = others.until_now()
        others.over.set()
    assert not wrong, f"{len(wrong)} wrong: " + "; ".join(wrong)
    return (
        f"bombs: {len(BOMBS)} kinds, a good document takes {plain:.2f} s; {'; '.join(lines)}; all refused with words, nothing kept; "
        f"others wait {bombed} (before: {quiet}), median/95 %"
    )


if __name__ == "__main__":
    print(drill(random.Random(1), 0.1))

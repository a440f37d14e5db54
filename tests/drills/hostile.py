"""Hostile text in every field of the portal, the counter and the desk, as each officer, through the pages a browser gets.

Everything is walked twice: once filling every form with each of the strings, once reading what the pages, the downloads, the
mails and the log then show. A string that acts anywhere fails the drill.
"""

from __future__ import annotations

import csv
import io
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from urllib.parse import urljoin, urlsplit

from tests.drills.citizen import Citizen, Form, Page, forms_of
from tests.hostile import HOSTILE, MARK, alive_in_cells, alive_in_log, alive_in_page
from tests.serving import Serving, installation, totp

# What a form needs as it is, and what would end the visit.
KEPT = {"csrfmiddlewaretoken", "do", "act", "key", "body", "seen", "language", "next", "capacity", "credential"}
ENDING = ("/salir/", "/idioma/", "/clave/", "/llaves/", "/sesiones/")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-[A-Z-]+-\d+|\d+")
LINK = re.compile(r'href="([^"#]+)"')
TABLES = (".csv", ".xlsx", ".pdf")
PAGES_AT_MOST = 120


@dataclass
class Walk:
    """One visitor: what was tried and what was found to act."""

    browser: Citizen
    chance: random.Random
    share: float
    fields: int = 0
    pages: int = 0
    found: list[str] = field(default_factory=list)

    def attack(self, start: str) -> None:
        """Fill every form that the pages lead to."""
        for page in self._pages(start):
            for form in forms_of(page.body):
                if not any(word in (form.action or page.url) for word in ENDING):
                    self._fill(page, form)

    def read(self, start: str) -> None:
        """Look at every page again."""
        for page in self._pages(start):
            self._look(page)

    def _fill(self, page: Page, form: Form) -> None:
        names = sorted(form.names - KEPT - set(form.files))
        strings = [text for text in HOSTILE.values() if self.chance.random() < self.share] or [HOSTILE["html"]]
        for text in strings if names else []:
            self.fields += len(names)
            answers = dict.fromkeys(names, text)
            if form.method == "post":
                self._look(self.browser.send(page, form, answers))

    def _look(self, page: Page) -> None:
        self.pages += 1
        if page.status >= 500:
            self.found.append(f"{page.url}: {page.status}")
        self.found += [f"{page.url}: {what}" for what in alive_in_page(page.body)]

    def _pages(self, start: str) -> Iterator[Page]:
        """One page of each kind that links lead to."""
        waiting, met = [start], set()
        while waiting and len(met) < PAGES_AT_MOST:
            path = waiting.pop(0)
            kind = KEY.sub("*", path)
            if kind in met or any(word in path for word in ENDING) or path.startswith(("/estatico/", "/log/")):
                continue
            met.add(kind)
            if path.endswith(TABLES):
                continue
            page = self.browser.get(path)
            yield page
            links = [urljoin(page.url, link) for link in LINK.findall(page.body)]
            waiting += [urlsplit(link).path for link in links if link.startswith(self.browser.address)]


def enter(serving: Serving, login: dict[str, str]) -> Citizen:
    """An officer's browser, both factors shown."""
    browser = Citizen(serving.address, patience=0)
    page = browser.get("/cuentas/entrar/")
    page = browser.send(page, page.form(having="login"), {"login": login["email"], "password": login["password"]})
    page = browser.send(page, page.form(having="code"), {"code": totp(login["totp_secret"])})
    if "/segundo-factor/" in page.url:  # a code is taken once: who entered just now waits for the next
        time.sleep(30 - time.time() % 30 + 0.5)
        page = browser.send(page, page.form(having="code"), {"code": totp(login["totp_secret"])})
    if "/cuentas/" in page.url:
        raise AssertionError(f"{login['email']} did not enter: {page.url}")
    return browser


def ask(browser: Citizen, document: bytes) -> Page:
    """A request whose every text is the hostile one, where the page takes it, else a plain one."""
    page = browser.get("/tramites/apostille/")
    page = browser.send(page, page.form(to="empezar"), {})
    for having, plain, texts in (
        ("destination", {"destination": "ES"}, ()), ("kind", {"kind": "civil_registry"}, ()), ("document", {}, ()),
        ("given_names", {"given_names": "Carla", "first_surname": "Inventada"}, ("given_names", "first_surname", "second_surname")),
        ("document_number", {"document_kind": "passport", "issuing_state": "ES", "document_number": "X1"}, ("document_number",)),
        ("email", {"email": "carla@ejemplo.example"}, ()),
    ):  # fmt: skip
        files = {"document": document} if having == "document" else None
        hostile = plain | dict.fromkeys(texts, HOSTILE["html"][:60])
        after = browser.send(page, page.form(having=having), hostile, files)
        refused = any(having in form.names for form in forms_of(after.body))
        page = browser.send(after, after.form(having=having), plain, files) if refused else after
    return browser.send(page, page.form(having="body"), {})


def alive_in_files(browser: Citizen) -> list[str]:
    """What a spreadsheet would compute in the tables an officer takes away."""
    found = []
    for path in ("/despacho/indicadores/apostille.issued/datos.csv", "/despacho/cuenta/datos.csv"):
        found += alive_in_cells(csv.reader(io.StringIO(browser.get(path).body)))
    return found


def alive_in_mails(serving: Serving) -> list[str]:
    """Headers that no notice has."""
    mails = [message_from_bytes(path.read_bytes()) for path in (serving.home / "correo").glob("*")]
    return [f"{name}: {value}" for mail in mails for name, value in mail.items() if name == "Bcc" or MARK in name]


def drill(chance: random.Random, scale: float) -> str:
    """Everybody attacks, then everybody reads."""
    with installation() as serving:
        document = serving.document("partida-de-nacimiento.pdf").read_bytes()
        citizen = Citizen(serving.address, patience=0)
        ask(citizen, document)
        walks = [Walk(citizen, chance, scale)]
        starts = ["/"]
        for login in serving.logins[: max(1, round(len(serving.logins) * scale))]:
            walks.append(Walk(enter(serving, login), chance, scale))
            starts.append("/despacho/")
        for walk, start in zip(walks, starts, strict=True):
            walk.attack(start)
        for walk, start in zip(walks, starts, strict=True):
            walk.read(start)
        found = [what for walk in walks for what in walk.found]
        found += alive_in_mails(serving) + alive_in_log(serving.log.read_text(errors="replace"))
        for walk in walks[1:]:
            found += alive_in_files(walk.browser)
    assert found == [], found[:10]
    fields, pages = sum(walk.fields for walk in walks), sum(walk.pages for walk in walks)
    return f"hostile text: {len(walks)} visitors, {fields} fields filled, {pages} pages read: inert in pages, tables, mails and log"


if __name__ == "__main__":
    print(drill(random.Random(1), 0.15))

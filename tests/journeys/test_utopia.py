"""The same house for another ministry: Utopia, in English, with its own week, money, languages and papers."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, number_in, printed_in
from tests.journeys.test_apostille import verify_offline
from tests.serving import Serving, installation

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
FRIDAY, SATURDAY = 5, 6
COUNTRY = re.compile(r"\b(per[uú]|peruvian|peruan[oa]s?|lima|DNI|TUPA|RENIEC|DGC)\b|S/ ?\d", re.IGNORECASE)
# Lists of the States of the world name them all.
READ = "() => { const m = document.body.cloneNode(true); m.querySelectorAll('select, script').forEach(e => e.remove()); return m.textContent; }"


@pytest.fixture(scope="module")
def utopia() -> Iterator[Serving]:
    with installation(CANCILLERIA_PROFILE="utopia") as running:
        yield running


@dataclass
class Reader(Visit):
    """A visit that also reads every page it meets for words of another country."""

    strange: dict[str, list[str]] = field(default_factory=dict)

    def look(self) -> None:
        super().look()
        found = [word[0] for word in COUNTRY.finditer(self.page.evaluate(READ))]
        if found:
            self.strange[self.page.url] = found

    def clean(self) -> None:
        super().clean()
        assert self.strange == {}


def due_by_the_utopian_week(filed: datetime, days: int) -> date:
    """Working days after filing, from Sunday to Thursday; after half past two it counts as filed on the next one."""
    local = filed.astimezone(ZoneInfo("Atlantic/Azores"))
    day = local.date() + timedelta(days=1) if (local.hour, local.minute) > (14, 30) else local.date()
    holidays = {date(2026, 12, 1), date(2026, 12, 25), date(2027, 1, 1)}

    def working(on: date) -> bool:
        return on.isoweekday() not in (FRIDAY, SATURDAY) and on not in holidays

    while not working(day):
        day += timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= working(day)
    return day


def due_in(text: str) -> date:
    """The day on which a page says that the request is due, such as `Nov. 30, 2026`."""
    found = re.search(r"due on (\w{3})\w*\.? (\d+), (\d{4})", text)
    assert found, text
    return datetime.strptime(" ".join(found.groups()), "%b %d %Y").replace(tzinfo=UTC).date()


def ask(visit: Reader) -> tuple[str, str]:
    """Ask for an apostille on the portal, in the words of the profile."""
    visit.go("/")
    assert "Ministry of Foreign Affairs · Utopia" in visit.page.inner_text("header")
    visit.press("I am going to study, work or marry abroad and need my papers accepted")
    for told in (
        "12.50 UTD",
        "In Utopian dollars",
        "Three working days, from Sunday to Thursday",
        "Positive silence",
    ):
        assert told in visit.text()
    visit.press("Start now")
    visit.page.locator("select").select_option(label="Japan")
    visit.press("Continue")
    visit.page.locator("input[value=civil_registry]").check()
    visit.press("Continue")
    visit.page.set_input_files("input[type=file]", str(visit.serving.document("birth-certificate.pdf")))
    visit.press("Continue")
    visit.page.locator("[name=given_names]").fill("Hythlo")
    visit.page.locator("[name=first_surname]").fill("Inventado")
    visit.press("Continue")
    visit.page.get_by_label("Citizen card", exact=True).check()
    visit.page.locator("[name=document_number]").fill("UT-000007")
    visit.page.locator("[name=issuing_state]").select_option(label="Utopia")
    visit.press("Continue")
    visit.page.locator("[name=email]").fill("hythlo@utopia.example")
    visit.press("Continue")
    assert "Japan" in visit.text()
    visit.press("Send the request")
    return number_in(visit.text()), visit.page.inner_text("[data-code]")


def test_the_whole_journey_of_another_ministry(browser: Browser, utopia: Serving, tmp_path: Path) -> None:
    # A browser that asks for a language the ministry does not have reads its first.
    citizen = Reader(browser.new_page(viewport=PHONE, locale="de"), utopia)
    filed = datetime.now(UTC)
    number, _ = ask(citizen)
    assert "-DCA-" in number
    case = urlsplit(citizen.page.url).path.replace("constancia", "seguimiento")
    receipt = tmp_path / "receipt.pdf"
    with citizen.page.expect_download() as download:
        citizen.page.locator("a[href$='/pdf/']").click()
    download.value.save_as(receipt)
    assert_of_utopia(receipt, "Directorate of Consular Affairs", number)

    pay(citizen)
    citizen.go(case)
    assert due_in(citizen.text()) == due_by_the_utopian_week(filed, 3)
    desk = Reader(browser.new_page(viewport=SCREEN, locale="en"), utopia)
    enter_desk(desk, "peter")
    desk.press(number)
    desk.press("Issue the apostille")
    citizen.go(case)
    wait_for_the_apostille(citizen)
    file = tmp_path / "apostille.pdf"
    with citizen.page.expect_download() as download:
        citizen.page.locator("main form[action*='/apostilla/'] button:not(.govuk-button--secondary)").click()
    download.value.save_as(file)
    text = assert_of_utopia(file, "Republic of Utopia", "République d'Utopie", "República de Utopía", "Amaurot")
    assert text.index("1. Country") < text.index("Pays · País")
    found = verify_offline(utopia, file)
    assert found.returncode == 0, found.stdout
    public = json.loads(found.stdout)["public"]
    assert (public["country"], public["series"]) == ("Republic of Utopia", "DCA")
    assert public["by"] == "Ministry of Foreign Affairs of Utopia"
    verify_in_public(citizen, text)
    for path in ("/misiones/", "/registro/", "/tramites/", "/privacidad/", "/accesibilidad/"):
        citizen.go(path)
    for path in ("/despacho/", "/despacho/manual/apostille/", "/despacho/componentes/"):
        desk.go(path)
    for visit in (citizen, desk):
        visit.clean()


def pay(visit: Reader) -> None:
    """Pay in the ministry's money, by its simulated gateway, and go back to the case: five crowns at 2.49, rounded up."""
    visit.press("Pay now")
    assert "12.50 UTD" in visit.text()
    visit.press("Pay online")
    visit.press("Pay (simulated)")


def wait_for_the_apostille(visit: Reader) -> None:
    deadline = time.monotonic() + 90
    while not visit.page.locator("main form[action*='/apostilla/'] button:not(.govuk-button--secondary)").count():
        assert time.monotonic() < deadline, visit.text()
        time.sleep(1)
        visit.page.reload()
    visit.look()


def assert_of_utopia(file: Path, *told: str) -> str:
    """The text of a PDF, which says all of these and nothing of another country."""
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    for words in told:
        assert words in text, text
    assert COUNTRY.search(text) is None
    return text


def verify_in_public(visit: Reader, text: str) -> None:
    number, code = printed_in(text, "Number", "Code")
    visit.go(f"/v/{number}/{code}/")
    assert "IRIS INVENTADA BROOK" in visit.text()
    assert "In force" in visit.text()

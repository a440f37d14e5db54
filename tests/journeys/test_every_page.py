"""Every page that links lead to, for everybody and for each officer of the demonstration: in both languages, on a phone and on a
wide screen, axe finds nothing, nothing sticks out, and nothing is broken.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.people import Visit, ask, enter_desk
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# What a link downloads is no page; signing out ends the visit; the log and the static files are for programs.
FILES = re.compile(
    r"\.(pdf|csv|xlsx|parquet|json|jsonld|zip|svg|png|jpg)$|/(documento|constancia|pdf|descargar|pagina)/|^/(log|estatico)/|/salir/"
)
# One page of a kind is enough: addresses that differ by a key, a number or a name of a row are alike.
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-[A-Z-]+-\d+|\d+")
ROWS = re.compile(r"^(/despacho/indicadores/|/despacho/manual/|/despacho/oficinas/|/tramites/|/cifras/)[^/]+")
OFFICERS = ("carla", "luis", "marta", "andres", "julia", "paula", "oscar")


def alike(path: str) -> str:
    return ROWS.sub(r"\1*", KEY.sub("*", path))


def links(page: Page, address: str) -> list[str]:
    """Paths of this site that the page links to, without what follows `?` or `#`."""
    found = [urljoin(page.url, a.get_attribute("href") or "") for a in page.query_selector_all("a[href]")]
    return [urlsplit(url).path for url in found if url.startswith(address)]


@pytest.fixture(scope="module")
def looked() -> set[str]:
    """Kinds of pages somebody already looked at: the same page is not examined for each officer again."""
    return set()


def walk(visit: Visit, start: str, looked: set[str]) -> dict[str, str]:
    """Visit every kind of page reachable from `start`, and look at those nobody has; returns one address of each."""
    waiting, met = [start], {}
    while waiting:
        path = waiting.pop(0)
        if alike(path) in met or FILES.search(path):
            continue
        met[alike(path)] = path
        response = visit.page.goto(visit.serving.address + path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"
        if alike(path) not in looked:
            visit.look()
        waiting += links(visit.page, visit.serving.address)
    return met


def again_in_english_on_a_phone(visit: Visit, met: dict[str, str], looked: set[str]) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.page.context.add_cookies([{"name": "django_language", "value": "en", "url": visit.serving.address}])
    for kind, path in met.items():
        if kind not in looked:
            visit.go(path)
            assert visit.page.get_attribute("html", "lang") == "en"
    looked |= set(met)


def test_every_public_page(browser: Browser, serving: Serving, looked: set[str]) -> None:
    visit = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    ask(visit)
    met = walk(visit, "/", looked)
    assert len(met) >= 10
    again_in_english_on_a_phone(visit, met, looked)
    visit.clean()


@pytest.mark.parametrize("name", OFFICERS)
def test_every_page_an_officer_is_led_to(browser: Browser, serving: Serving, looked: set[str], name: str) -> None:
    visit = Visit(browser.new_context(viewport=SCREEN, locale="es").new_page(), serving)
    enter_desk(visit, name)
    met = walk(visit, "/despacho/", looked)
    assert len(met) > 2
    again_in_english_on_a_phone(visit, met, looked)
    visit.clean()

"""The board in a browser: from a figure to its acts, closing it, on a wide screen and on a phone."""

from __future__ import annotations

from playwright.sync_api import Browser
from tests.journeys.people import Visit, ask, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def test_a_planner_opens_a_figure_to_its_acts_and_closes_it(browser: Browser, serving: Serving) -> None:
    citizen = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    ask(citizen)
    wait_for_next_code()
    planner = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(planner, "paula")
    planner.press("Indicadores")
    assert "Solicitudes de apostilla presentadas" in planner.text()
    planner.page.get_by_text("Solicitudes de apostilla presentadas").click()
    planner.look()
    assert "Dirección General de Comunidades" in planner.text()
    planner.press("Ver los actos")
    assert "Recibió la solicitud" in planner.text()
    planner.page.go_back()
    planner.page.locator("main").get_by_role("link", name="Cerrar 20").click()
    planner.look()
    planner.page.get_by_role("button", name="Cerrar y sellar").click()
    planner.look()
    assert "el sello corresponde" in planner.text()
    planner.page.set_viewport_size(PHONE)
    planner.look()
    planner.go("/despacho/indicadores/")
    planner.clean()

"""Figures in a browser: a post tells a month without acts, an office enters a value by hand, the planner closes and publishes, anybody reads."""

from __future__ import annotations

from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def visit(browser: Browser, serving: Serving, size: dict[str, int] = SCREEN) -> Visit:
    return Visit(browser.new_context(viewport=size, locale="es").new_page(), serving)


def test_an_office_says_that_a_month_had_no_acts(browser: Browser, serving: Serving) -> None:
    nora = visit(browser, serving)
    enter_desk(nora, "nora")
    nora.press("Meses de mi oficina")
    before = nora.text().count("no informó")
    assert before > 0
    nora.page.get_by_role("button", name="No hubo actos").first.click()
    nora.look()
    assert "Quedó asentado: ese mes no hubo actos." in nora.page.inner_text("body")
    assert nora.text().count("no informó") == before - 1
    assert "sin actos" in nora.text()
    nora.page.set_viewport_size(PHONE)
    nora.look()
    nora.clean()


def test_a_value_by_hand_carries_its_evidence(browser: Browser, serving: Serving) -> None:
    carla = visit(browser, serving)
    enter_desk(carla, "carla")
    carla.press("Valores a mano")
    carla.fill("Valor", "ochenta")
    carla.press("Anotar")
    assert carla.page.get_by_label("Valor", exact=True).input_value() == "ochenta"
    carla.fill("Valor", "86,5")
    carla.page.set_input_files("input[type=file]", str(serving.document("certificado-de-estudios.pdf")))
    carla.press("Anotar")
    assert "86,5 %" in carla.text()
    assert "Carla Inventada" in carla.text()
    with carla.page.expect_download() as evidence:
        carla.page.get_by_role("link", name="Descargar").first.click()
    with open(evidence.value.path(), "rb") as file:
        assert file.read() == serving.document("certificado-de-estudios.pdf").read_bytes()
    carla.page.set_viewport_size(PHONE)
    carla.go("/despacho/indicadores/planning.satisfaction/")
    assert "anotado a mano" in carla.text()
    carla.clean()


def test_the_planner_closes_and_publishes_and_a_citizen_reads_the_table(browser: Browser, serving: Serving) -> None:
    wait_for_next_code()
    paula = visit(browser, serving)
    enter_desk(paula, "paula")
    paula.press("Indicadores")
    assert "Plan Estratégico Institucional 2020-2022" in paula.text()
    with paula.page.expect_download() as report:
        paula.page.get_by_role("link", name="Informe consolidado (PDF)").click()
    with open(report.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    paula.page.get_by_role("link", name="Solicitudes de apostilla presentadas").click()
    paula.look()
    paula.page.locator("main").get_by_role("link", name="Cerrar 20").click()
    paula.look()
    assert "Faltan órganos por informar" in paula.text()
    paula.press("Cerrar y sellar")
    paula.press("Publicar este cierre")
    paula.press("Publicar")
    assert "publicado" in paula.text()
    paula.page.get_by_role("link", name="Ver los actos sellados").first.click()
    paula.look()
    assert "Sello (SHA-256" in paula.text()
    paula.page.set_viewport_size(PHONE)
    paula.go("/despacho/indicadores/apostille.requests/")
    paula.go("/despacho/indicadores/")
    paula.clean()
    citizen = visit(browser, serving, PHONE)
    citizen.go("/cifras/")
    citizen.page.get_by_role("link", name="Solicitudes de apostilla presentadas").click()
    citizen.look()
    assert "Por órgano" in citizen.text()
    assert "no informó" in citizen.text()
    with citizen.page.expect_download() as data:
        citizen.page.get_by_role("link", name="Descargar (CSV)").click()
    with open(data.value.path(), encoding="utf-8") as file:
        assert file.readline().startswith("# indicador,AP-01")
    citizen.clean()

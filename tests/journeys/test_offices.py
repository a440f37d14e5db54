"""The head of an office: who acts, who may do what, what is handed over; and a second officer far away who confirms."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser
from tests.journeys.people import Visit, ask, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def act_as(visit: Visit, words: str) -> None:
    visit.page.get_by_label("Actúa como").select_option(label=words)
    visit.page.get_by_role("button", name="Cambiar", exact=True).click()
    visit.look()


def name_people(head: Visit) -> None:
    """Luis at the head of the office, without power to name others; Marta, in Madrid, to confirm from afar."""
    today = datetime.now(ZoneInfo("America/Lima")).date().isoformat()
    head.press("Mi oficina")
    head.press("Encargos y confirmación a distancia")
    head.page.get_by_role("link", name="Encargar Jefatura de apostillas y legalizaciones").click()
    head.look()
    cover, second = head.page.locator("form", has_text="¿Qué no podrá hacer?"), head.page.locator("form").last
    cover.get_by_label("¿Quién?").select_option(label="Luis Inventado Ramos (Funcionaria de apostillas)")
    cover.get_by_label("Suplencia: quien lo ocupa está ausente").check()
    cover.get_by_label("Desde").fill(today)
    cover.get_by_label("Encargar un puesto a otra persona").check()
    head.press("Encargar el puesto")
    assert "Luis Inventado Ramos (por suplencia)" in head.text()
    option = second.locator("option", has_text="Marta Inventada Soler").get_attribute("value")
    second.get_by_label("¿Quién, de otra oficina?").select_option(option)
    second.get_by_label("Desde").fill(today)
    head.press("Nombrar")
    assert "Marta Inventada Soler" in head.text()


def test_a_head_names_who_acts_and_hands_over_and_a_far_officer_confirms(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    citizen = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    number, _ = ask(citizen)
    wait_for_next_code()
    head = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(head, "carla")
    head.press(number)
    head.press("Emitir apostilla")
    head.page.get_by_text("Corregir o anular").click()
    head.fill("Motivo, que leerá quien verifique", "La entidad anuló su documento")
    head.press("Proponer la anulación")
    name_people(head)
    head.go("/despacho/oficina/facultades/")
    assert "Sí, por suplencia" in head.text()
    assert "No: excluida del encargo" in head.text()
    head.page.set_viewport_size(PHONE)
    head.look()
    head.go("/despacho/oficina/entregas/")
    head.page.get_by_label("¿Quién recibe?").select_option(label="Luis Inventado Ramos (Funcionaria de apostillas)")
    head.press("Levantar y firmar el acta")
    assert "espera a quien recibe" in head.text()

    stands_in = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(stands_in, "luis")
    act_as(stands_in, "Jefatura de apostillas y legalizaciones, en suplencia")
    stands_in.press("Por confirmar")
    stands_in.page.get_by_role("link", name="Acta de entrega de Carla").click()
    stands_in.look()
    stands_in.page.get_by_label("Diferencias (opcional)").fill("Falta una llave")
    stands_in.press("Recibir y firmar")
    assert "Luis Inventado Ramos (por suplencia)" in stands_in.text()
    with stands_in.page.expect_download() as download:
        stands_in.page.get_by_role("link", name="Descargar el acta (PDF)").click()
    file = tmp_path / "acta.pdf"
    download.value.save_as(file)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "Luis Inventado Ramos (por suplencia)" in text
    assert "Falta una llave" in text

    far = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    enter_desk(far, "marta")
    far.press("Por confirmar")
    assert "La entidad anuló su documento" in far.text()
    far.press("Confirmar")
    assert "Confirmado: el acto se hizo" in far.text()
    head.page.set_viewport_size(SCREEN)
    head.go("/despacho/?todos")
    head.press(number)
    assert "anulada" in head.text()
    for visit in (citizen, head, stands_in, far):
        visit.clean()

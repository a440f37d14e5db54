"""A person's data are given to them and erased by two officers; what surrounds the acts is looked at on a phone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Browser
from tests.journeys.people import Visit, ask, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PAGES = ("/despacho/conservacion/", "/despacho/lecturas/", "/despacho/oficina/talonarios/")


def test_a_person_is_given_their_data_and_two_officers_erase_them(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    citizen = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    number, _ = ask(citizen, identity="00000777")  # nobody else's: open cases would stand in the way
    wait_for_next_code()
    head = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(head, "carla")
    head.press(number)
    head.fill("Motivo (para denegar)", "No corresponde")
    head.press("Denegar")
    case = head.page.url
    head.page.get_by_role("link", name="Carla Inventada", exact=True).first.click()
    head.look()
    head.press("Lo que consta sobre esta persona: entregarlo o suprimirlo")
    with head.page.expect_download() as download:
        head.page.get_by_role("button", name="Reunir y descargar").click()
    file = tmp_path / "lo-que-consta.zip"
    download.value.save_as(file)
    assert "Carla Inventada" in zipfile.ZipFile(file).read("datos.html").decode()
    head.page.get_by_label("Lo pidió la persona y corresponde por ley").check()
    head.press("Pedir la supresión")
    assert "Espera a que otra persona lo confirme" in head.text()
    head.page.set_viewport_size(PHONE)
    head.look()
    head.go("/despacho/oficina/talonarios/")
    head.page.get_by_label("A qué oficina").select_option("organ:cg-madrid")
    head.fill("Letras impresas antes del número", "C-MAD")
    head.fill("Primer número", "1")
    head.fill("Cuántas hojas", "25")
    head.press("Entregar")
    assert "Quedó asentado" in head.page.inner_text("body")

    second = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(second, "pilar")
    second.press("Por confirmar")
    assert "Suprimir los datos personales de Carla Inventada" in second.text()
    second.press("Confirmar")
    assert "Confirmado: el acto se hizo" in second.text()
    second.page.set_viewport_size(PHONE)
    for address in PAGES:
        second.go(address)
    second.go("/despacho/lecturas/")
    assert "persona" in second.text()

    head.page.set_viewport_size(SCREEN)
    head.page.goto(case)
    head.look()
    assert "Los datos personales se suprimieron" in head.text()
    assert "Persona con datos suprimidos" in head.text()
    assert "00000777" not in head.text()
    for visit in (citizen, head, second):
        visit.clean()


def test_an_older_system_comes_in_by_one_command_and_verification_says_what_it_proves(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    rows = ["number,date,organ,verb,file", "AP-77/2019,2019-05-31,organ:dgc,apostille.issued,a.pdf", "AP-78,ayer,x,y,"]
    (tmp_path / "actos.csv").write_text("\n".join(rows), encoding="utf-8")
    shutil.copy(serving.document("partida-de-nacimiento.pdf"), tmp_path / "a.pdf")
    outcomes = [command(serving, "import", str(tmp_path), "--system", "SISTEMA-VIEJO") for _ in range(2)]
    assert [code for code, _ in outcomes] == [1, 1]
    assert "aceptada: 1, ya estaba: 0, rechazada: 1" in outcomes[0][1]
    assert "aceptada: 0, ya estaba: 1, rechazada: 1" in outcomes[1][1]
    assert "La fecha no se entiende" in (tmp_path / "informe.csv").read_text(encoding="utf-8")
    border = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    border.go("/verificar/")
    border.fill("Número", "AP-77/2019")
    border.fill("Fecha del certificado", "31/05/2019")
    border.press("Verificar")
    assert "SISTEMA-VIEJO" in border.text()
    assert "No lo firmó este registro" in border.text()
    border.clean()


def command(serving: Serving, *words: str) -> tuple[int, str]:
    """Exit code and what it printed."""
    environment = {**os.environ, "CANCILLERIA_HOME": str(serving.home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    program = str(Path(sys.executable).parent / "cancilleria")
    done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr

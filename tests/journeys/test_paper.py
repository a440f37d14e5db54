"""Paper, in a browser: an original compared and apostilled on a form; a consul legalises, headquarters legalises the consul."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
from playwright.sync_api import Browser
from tests.journeys.people import Visit, collect, enter_desk, exempt, number_in, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def enter(visit: Visit, procedure: str, file: str, parts: str, **choices: str) -> None:
    """Enter a request at the window, for a person in front of it."""
    visit.go("/despacho/ventanilla/")
    visit.press(procedure)
    for name, label in choices.items():
        visit.page.locator(f"[name={name}]").first.select_option(label=label)
    visit.page.locator("[name=parts]").fill(parts)
    visit.page.set_input_files("input[type=file]", str(visit.serving.document(file)))
    visit.fill("Nombres", "Carlos")
    visit.fill("Primer apellido", "Inventado")
    visit.page.locator("[name=document_kind][value=passport]").check()
    visit.fill("Número del documento", "X0000007")
    visit.page.locator("[name=issuing_state]").select_option("PE")


def compare(visit: Visit, signer: str) -> None:
    """Say what was compared with the registered signature."""
    visit.page.get_by_label(signer, exact=True).check()
    visit.page.get_by_label("La firma del documento es la registrada").check()
    visit.page.get_by_label("El cargo es el registrado, y lo ejercía en esa fecha").check()
    visit.page.get_by_label("El sello del documento es el registrado").check()


def print_certificate(visit: Visit, folder: Path) -> pikepdf.Pdf:
    """Wait until the worker signed it, then take the file the officer prints."""
    deadline = time.monotonic() + 60
    while "Imprimir el certificado" not in visit.text():
        assert time.monotonic() < deadline, visit.text()
        time.sleep(1)
        visit.page.reload()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="Imprimir el certificado (PDF)").click()
    file = folder / "certificado.pdf"
    download.value.save_as(file)
    judged(file, visit.serving)
    return pikepdf.open(file)


def judged(file: Path, serving: Serving) -> None:
    """A tool nobody here wrote finds its signature valid, and our own command, with no network, finds it authentic."""
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    program, home = str(Path(sys.executable).parent / "cancilleria"), {"CANCILLERIA_HOME": str(serving.home)}
    done = subprocess.run([program, "verify", str(file)], env={**os.environ, **home}, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def photograph(visit: Visit) -> None:
    """One page more, with the camera."""
    visit.page.get_by_role("button", name="Usar la cámara").click()
    visit.page.get_by_role("button", name="Tomar esta página").click()
    visit.page.get_by_text("Páginas adjuntas: 2").wait_for()
    visit.look()
    visit.page.get_by_role("button", name="Apagar la cámara").click()


def test_an_original_on_paper_is_compared_apostilled_and_printed(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    wait_for_next_code()
    desk = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(desk, "carla")
    parts = "Elena Inventada Rojas; Directora; Instituto de Demostración"
    enter(desk, "Apostilla de un documento en papel", "original-en-papel.jpg", parts, destination="España")
    desk.page.locator("[name=kind][value=administrative]").check()
    photograph(desk)
    desk.page.locator("[name=signed_on]").fill("2026-03-01")
    desk.press("Presentar la solicitud")
    exempt(desk)
    assert "se certifica esta firma" in desk.text()
    desk.press("Emitir apostilla")
    assert "Compare la firma y márquelo" in desk.text()
    compare(desk, "ELENA INVENTADA ROJAS")
    desk.press("Emitir apostilla")
    assert "Quedó asentado" in desk.text()
    assert "formulario A000001" in desk.text()
    with print_certificate(desk, tmp_path) as pdf:
        assert "original.pdf" in pdf.attachments
    desk.page.locator("summary", has_text="El formulario se estropeó").click()
    desk.page.locator("#spoil-0_reason").fill("Se manchó en la impresora")
    desk.press("Inutilizarlo y usar otro")
    assert "formulario A000002" in desk.text()
    desk.press("Formularios")
    assert "Se manchó en la impresora" in desk.text()
    desk.press("Firmas")
    desk.page.locator("#firma").fill("aduana")
    desk.press("Buscar")
    desk.press("JAVIER INVENTADO PRUEBA")
    assert "Jefe de certificados de origen" in desk.text()
    desk.page.set_viewport_size(PHONE)
    for path in ("/despacho/firmas/", "/despacho/firmas/nueva/", "/despacho/formularios/"):
        desk.go(path)
    desk.clean()


def test_a_consul_legalises_and_headquarters_legalises_the_consul(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    wait_for_next_code()
    consul = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(consul, "marta")
    parts = "Javier Inventado Prueba; Jefe de certificados de origen; Aduana de Demostración"
    enter(
        consul, "Legalización consular de un documento extranjero", "documento-extranjero.jpg", parts, origin="España"
    )
    consul.page.locator("[name=kind][value=commercial]").check()
    consul.page.locator("[name=signed_on]").fill("2026-03-02")
    consul.press("Presentar la solicitud")
    collect(consul, "10")
    compare(consul, "JAVIER INVENTADO PRUEBA")
    consul.press("Emitir legalización")
    assert "formulario M000001" in consul.text()
    number = number_in(consul.page.locator("main strong", has_text="Legalización").inner_text())
    print_certificate(consul, tmp_path).close()

    wait_for_next_code()
    desk = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(desk, "carla")
    enter(
        desk,
        "Legalización de la firma de un cónsul",
        "legalizacion-consular.jpg",
        "Marta Inventada Soler; Cónsul general; Consulado",
    )
    desk.page.locator("[name=kind][value=commercial]").check()
    desk.page.locator("[name=consular_number]").fill("2026-CG-MAD-999999")
    desk.press("Presentar la solicitud")
    assert "No hay una legalización consular con ese número" in desk.text()
    desk.page.locator("[name=consular_number]").fill(number)
    desk.press("Presentar la solicitud")
    exempt(desk)
    compare(desk, "Marta Inventada Soler")
    desk.press("Emitir legalización")
    assert "Quedó asentado" in desk.text()
    print_certificate(desk, tmp_path).close()
    for visit in (consul, desk):
        visit.clean()

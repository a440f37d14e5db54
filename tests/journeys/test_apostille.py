"""The story of an apostille, in a browser: on a phone in Spanish, by keyboard in English, and without JavaScript."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.people import Visit, ask, enter_desk, login_of, number_in, printed_in, totp, wait_for_next_code
from tests.serving import Serving

PHONE = {"width": 320, "height": 640}
SCREEN = {"width": 1280, "height": 900}


def wait_until_signed(visit: Visit) -> None:
    deadline = time.monotonic() + 60
    while "Descargar la apostilla" not in visit.text() and "Download the apostille" not in visit.text():
        assert time.monotonic() < deadline, visit.text()
        time.sleep(1)
        visit.page.reload()


def verify_alone(serving: Serving, pack: Path, folder: Path) -> None:
    """By the verifier inside the pack, which knows nothing of this project, with the ministry's list."""
    with zipfile.ZipFile(pack) as opened:
        (folder / "verificar.py").write_bytes(opened.read("verificar.py"))
    trust = str(serving.home / "confianza.json")
    command = [sys.executable, "-I", "verificar.py", str(pack), "--trust", trust]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "VÁLIDO"), done.stdout


def verify_offline(serving: Serving, file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "cancilleria"), "verify", str(file), "--json"]
    return subprocess.run(
        command,
        env={"CANCILLERIA_HOME": str(serving.home), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def phone(browser: Browser, serving: Serving) -> Visit:
    return Visit(browser.new_page(viewport=PHONE, locale="es"), serving)


def test_a_citizen_on_a_phone_asks_downloads_and_others_verify(browser: Browser, phone: Visit, tmp_path: Path) -> None:
    number, code = ask(phone)
    phone.press("Ver mi trámite")
    assert "En revisión" in phone.text()

    desk = Visit(browser.new_page(viewport=SCREEN, locale="es"), phone.serving)
    enter_desk(desk, "carla")
    desk.press(number)
    assert "el certificado es el registrado" in desk.text()
    desk.press("Emitir apostilla")
    assert "Quedó asentado" in desk.text()

    another = Visit(browser.new_page(viewport=PHONE, locale="es"), phone.serving)
    another.go("/seguimiento/")
    another.fill("Número", number)
    another.fill("Código secreto", code.lower().replace("-", ""))
    another.press("Ver mi trámite")
    wait_until_signed(another)
    with another.page.expect_download() as download:
        another.page.get_by_role("button", name="Descargar la apostilla (PDF)").click()
    case_page, file = another.page.url, tmp_path / "apostilla.pdf"
    download.value.save_as(file)
    found = verify_offline(phone.serving, file)
    assert found.returncode == 0, found.stdout
    report = json.loads(found.stdout)
    assert report["public"]["signed_by"] == "ROSA INVENTADA QUISPE"
    assert report["log"]["witnessed"] is True
    verify_in_public(another, file)
    another.page.goto(case_page)
    with another.page.expect_download() as download:
        another.page.get_by_role("button", name="Paquete de pruebas (ZIP)").click()
    verify_alone(phone.serving, download.value.path(), tmp_path)

    desk.page.reload()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Paquete de pruebas (ZIP)").click()
    verify_alone(phone.serving, download.value.path(), tmp_path)
    desk.page.get_by_text("Corregir o anular").click()
    desk.fill("Motivo, que leerá quien verifique", "La entidad anuló su documento")
    desk.press("Proponer la anulación")
    assert "sigue vigente hasta que otra persona confirme" in desk.text()
    second = Visit(browser.new_page(viewport=SCREEN, locale="es"), phone.serving)
    enter_desk(second, "luis")
    second.press("Por confirmar")
    second.press("Confirmar")
    another.go("/verificar/")
    fill_printed(another, file)
    assert "Anulada" in another.text()
    assert "La entidad anuló su documento" in another.text()
    for visit in (phone, desk, second, another):
        visit.clean()


def printed(file: Path) -> tuple[str, str]:
    """Number and code as the certificate prints them."""
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return printed_in(text)


def fill_printed(visit: Visit, file: Path) -> None:
    number, code = printed(file)
    visit.fill("Número", number)
    visit.fill("Fecha del certificado", time.strftime("%d/%m/%Y", time.gmtime(time.time() - 5 * 3600)))
    visit.fill("Código", code)
    visit.press("Verificar")


def verify_in_public(visit: Visit, file: Path) -> None:
    """By the printed data, by the printed link, with a wrong code, and in the browser with the file."""
    visit.go("/verificar/")
    fill_printed(visit, file)
    assert "Vigente" in visit.text()
    assert "ROSA INVENTADA QUISPE" in visit.text()
    number, code = printed(file)
    visit.go(f"/v/{number}/{code}/")
    assert "Vigente" in visit.text()
    visit.go(f"/v/{number}/0000-0000-0000-00/")
    assert "No encontrada" in visit.text()
    visit.go("/verificar/")
    visit.page.set_input_files("[data-file]", str(file))
    visit.page.get_by_text("Archivo auténtico").wait_for()
    visit.look()
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 1
    broken = file.with_name("cambiada.pdf")
    broken.write_bytes(bytes(changed))
    visit.page.set_input_files("[data-file]", str(broken))
    visit.page.get_by_text("No es auténtico").wait_for()


@pytest.mark.parametrize(("document", "reason"), [
    ("escaneo-sin-firma.pdf", "no tiene firma digital"),
    ("firma-rota.pdf", "no corresponde al archivo"),
    ("firmante-desconocido.pdf", "no tiene registrada"),
    ("firmante-no-registrado.pdf", "no figura en el registro"),
])  # fmt: skip
def test_a_document_that_cannot_be_apostilled_is_refused_with_the_way_on(
    phone: Visit, document: str, reason: str
) -> None:
    phone.go("/tramites/apostille/")
    phone.press("Empezar ahora")
    phone.go("/tramites/apostille/solicitud/archivo/")
    phone.page.set_input_files("input[type=file]", str(phone.serving.document(document)))
    phone.press("Continuar")
    assert reason in phone.text()
    assert "Hay un problema" in phone.text()
    phone.clean()


def test_states_and_kinds_out_of_the_convention_are_refused_with_the_way_on(phone: Visit) -> None:
    phone.go("/tramites/apostille/")
    phone.press("Empezar ahora")
    phone.page.get_by_label("¿En qué país va a presentar el documento?").select_option(label="Canadá")
    phone.page.get_by_label("¿En qué país va a presentar el documento?").select_option(label="Grecia")
    phone.press("Continuar")
    assert "objetó la adhesión" in phone.text()
    phone.page.get_by_label("¿En qué país va a presentar el documento?").select_option(label="Cuba")
    phone.press("Continuar")
    assert "no es parte del Convenio" in phone.text()
    phone.go("/tramites/apostille/solicitud/documento/")
    phone.page.get_by_label("Documento privado, sin certificación").check()
    phone.press("Continuar")
    assert "notario" in phone.text()
    phone.clean()


def tab_to(page: Page, name: str) -> None:
    """Move with the Tab key until the element whose text or label is `name` has the focus."""
    script = (
        "() => { const e = document.activeElement; return (e.labels?.[0]?.innerText || e.innerText || '').trim(); }"
    )
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(script).split("\n")[0].strip() == name:
            return
    raise AssertionError(f"the Tab key does not reach {name}")


def test_an_official_works_by_keyboard_only_in_english(browser: Browser, serving: Serving) -> None:
    citizen = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    number, _ = ask(citizen)
    visit = Visit(browser.new_page(viewport=SCREEN, locale="en"), serving)
    page = visit.page
    login = login_of(serving, "luis")
    visit.go("/despacho/")
    page.locator("[name=login]").focus()
    page.keyboard.type(login["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(login["password"])
    page.keyboard.press("Enter")
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").focus()
    page.keyboard.type(totp(login["totp_secret"]))
    page.keyboard.press("Enter")
    page.locator("[data-tray]").wait_for()
    visit.look()
    assert "Tray" in visit.text()
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=number, exact=True).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What you can do now").wait_for()
    visit.look()
    tab_to(page, "Reason (to refuse)")
    page.keyboard.type("The document is not legible")
    tab_to(page, "Refuse")
    page.keyboard.press("Enter")
    page.get_by_text("The document is not legible").first.wait_for()
    visit.look()
    visit.clean()


def test_the_whole_request_works_without_javascript(browser: Browser, serving: Serving) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="es")
    page = context.new_page()
    page.goto(serving.address + "/tramites/apostille/")
    page.get_by_role("button", name="Empezar ahora").click()
    page.get_by_label("¿En qué país va a presentar el documento?").select_option(label="Italia")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Partida o certificado del registro civil").check()
    page.get_by_role("button", name="Continuar").click()
    page.set_input_files("input[type=file]", str(serving.document("certificado-de-estudios.pdf")))
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Nombres").fill("Bruno")
    page.get_by_label("Primer apellido").fill("Inventado")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Pasaporte").check()
    page.get_by_label("Número del documento").fill("X0000002")
    page.get_by_label("País que lo emitió").select_option(label="Italia")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Correo electrónico").fill("bruno@ejemplo.example")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Enviar la solicitud").click()
    number = number_in(page.inner_text("main"))
    page.get_by_role("link", name="Descargar la constancia (PDF)").wait_for()
    page.go_back()
    page.reload()
    assert number in page.inner_text("main")


def test_a_stranger_sees_neither_case_nor_desk(browser: Browser, phone: Visit) -> None:
    ask(phone)
    own = phone.page.url
    stranger = browser.new_page(viewport=PHONE, locale="es")
    answer = stranger.goto(own)
    assert answer is not None
    assert answer.status == 404
    wait_for_next_code()
    consul = Visit(browser.new_page(viewport=SCREEN, locale="es"), phone.serving)
    enter_desk(consul, "marta")
    assert "No hay expedientes" in consul.text()
    case = own.rstrip("/").rsplit("/", 1)[1]
    answer = consul.page.goto(f"{phone.serving.address}/despacho/apostilla/{case}/")
    assert answer is not None
    assert answer.status == 404


def test_an_official_adds_a_passkey_and_enters_with_it(browser: Browser, serving: Serving) -> None:
    wait_for_next_code()
    visit = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    # WebAuthn names the site by its host, and an address is not a name.
    visit.serving = replace(serving, address=serving.address.replace("127.0.0.1", "localhost"))
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enter_desk(visit, "andres")
    visit.press("Mi acceso")
    visit.press("Ver y añadir")
    visit.press("Añadir una llave de acceso")
    if visit.page.locator("[name=password]").count():
        visit.page.locator("[name=password]").fill(login_of(serving, "andres")["password"])
        visit.press("Confirmar")
    visit.page.locator("[name=name]").fill("Mi teléfono")
    visit.page.locator("[name=passwordless]").check()
    visit.page.get_by_role("button", name="Añadir", exact=True).click()
    visit.page.wait_for_url("**/cuentas/acceso/")
    visit.look()
    assert "Mi teléfono" in visit.text()
    visit.go("/despacho/")
    visit.page.get_by_role("button", name="Salir").click()
    visit.go("/despacho/")
    visit.page.get_by_role("button", name="Entrar con una llave de acceso").click()
    visit.page.locator("[data-tray]").wait_for()
    visit.look()
    visit.clean()

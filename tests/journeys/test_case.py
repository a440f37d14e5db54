"""Between submission and decision, in a browser: a correction asked and made, an appeal filed and granted."""

from __future__ import annotations

from playwright.sync_api import Browser
from tests.journeys.people import Visit, ask, enter_desk, number_in, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def open_act(visit: Visit, name: str) -> None:
    """Unfold an act and look at its form."""
    visit.page.locator("summary", has_text=name).click()
    visit.look()


def act(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.look()


def test_a_request_is_corrected_on_the_phone_then_denied_appealed_and_opened_again(
    browser: Browser, serving: Serving
) -> None:
    phone = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    number, _ = ask(phone)
    phone.press("Ver mi trámite")
    wait_for_next_code()
    desk = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(desk, "carla")
    desk.press(number)
    open_act(desk, "Pedir una corrección")
    act(desk, "Pedir una corrección")
    assert "Marque al menos una opción" in desk.text()
    desk.page.get_by_label("Primer apellido").check()
    desk.page.locator("#observe_reason").fill("El apellido no coincide con su documento.")
    act(desk, "Pedir una corrección")
    assert "Quedó asentado" in desk.text()
    assert "El plazo está detenido" in desk.text()

    phone.page.reload()
    phone.look()
    assert "El apellido no coincide con su documento." in phone.text()
    phone.press("Corregir ahora")
    phone.fill("Primer apellido", "Inventada Mendada")
    phone.press("Enviar la corrección")
    assert "En revisión" in phone.text()

    desk.page.reload()
    desk.fill("Motivo (para denegar)", "No procede.")
    desk.press("Denegar")
    phone.page.reload()
    phone.look()
    assert "Denegada" in phone.text()
    phone.press("Apelar")
    phone.press("Presentar la apelación")
    assert "Escriba este dato" in phone.text()
    phone.fill("¿Por qué pide que se revise la decisión?", "El documento está completo.")
    phone.press("Presentar la apelación")
    appeal = number_in(phone.text())
    assert appeal != number

    wait_for_next_code()
    judge = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(judge, "julia")
    judge.press(appeal)
    assert "El documento está completo." in judge.text()
    open_act(judge, "Declarar fundada la apelación")
    judge.page.locator("#grant_appeal_reason").fill("Tiene razón.")
    act(judge, "Declarar fundada la apelación")
    assert "concedida" in judge.text()
    desk.page.reload()
    assert "en revisión" in desk.text()
    desk.go("/despacho/manual/apostille/")
    assert "La vida del expediente" in desk.text()
    for visit in (phone, desk, judge):
        visit.clean()


def test_an_officer_enters_a_request_at_the_counter(browser: Browser, serving: Serving) -> None:
    wait_for_next_code()
    desk = Visit(browser.new_page(viewport=PHONE, locale="es"), serving)
    enter_desk(desk, "carla")
    desk.press("Ventanilla")
    desk.press("Apostilla de un documento electrónico")
    desk.press("Presentar la solicitud")
    assert "Hay un problema" in desk.text()
    desk.page.get_by_label("¿En qué país va a presentar el documento?").select_option(label="España")
    desk.page.get_by_label("Partida o certificado del registro civil").check()
    desk.page.set_input_files("input[type=file]", str(serving.document("partida-de-nacimiento.pdf")))
    desk.fill("Nombres", "Bruno")
    desk.fill("Primer apellido", "Inventado")
    desk.page.get_by_label("DNI", exact=True).check()
    desk.fill("Número del documento", "00000003")
    desk.page.get_by_label("País que lo emitió").select_option(label="Perú")
    desk.fill("Correo electrónico", "bruno@ejemplo.example")
    desk.press("Presentar la solicitud")
    assert "Entregue la constancia" in desk.text()
    desk.page.get_by_role("link", name="Imprimir la constancia (PDF)").wait_for()
    desk.press("Bruno Inventado")
    assert "Apostilla de un documento electrónico" in desk.text()
    desk.clean()

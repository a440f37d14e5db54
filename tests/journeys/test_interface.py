"""The interface seen by people: an officer gives a token and a program uses it; anybody reads what the interface and open data are."""

# ruff: noqa: S310 - addresses of an installation of our own

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


def test_an_officer_gives_a_token_and_takes_it_back(browser: Browser, serving: Serving) -> None:
    wait_for_next_code()
    carla = Visit(browser.new_context(viewport=SCREEN, locale="es").new_page(), serving)
    enter_desk(carla, "carla")
    carla.press("Llaves de programas")
    carla.press("Dar la llave")
    assert carla.page.locator(".govuk-error-summary").count() == 1
    carla.fill("¿Para qué programa es?", "Sistema de la entidad inventada")
    carla.page.get_by_label("Ver y atender los expedientes").or_(
        carla.page.locator("[value='desk.cases']")
    ).first.check()
    carla.press("Dar la llave")
    secret = carla.page.inner_text("[data-secret]")
    assert ask(serving, secret)["items"] is not None
    carla.page.set_viewport_size(PHONE)
    carla.go("/despacho/llaves/")
    assert secret not in carla.page.content()
    carla.page.get_by_role("button", name="Anular esta llave").first.click()
    carla.look()
    assert "ya no sirve" in carla.page.inner_text("body")
    with pytest.raises(urllib.error.HTTPError):
        ask(serving, secret)
    carla.go("/despacho/avisos-a-programas/")
    carla.fill("Dirección que recibirá los avisos", "https://otro.example/")
    carla.page.locator("[value='apostille.issued']").check()
    carla.press("Suscribir")
    assert "no llama a ese servidor" in carla.text()
    assert carla.page.get_by_label("Dirección que recibirá los avisos").input_value() == "https://otro.example/"
    carla.clean()


def test_anybody_reads_what_the_interface_and_open_data_are(browser: Browser, serving: Serving) -> None:
    citizen = Visit(browser.new_context(viewport=PHONE, locale="es").new_page(), serving)
    citizen.go("/api/")
    assert "Idempotency-Key" in citizen.text()
    citizen.go("/datos/")
    assert "Qué no incluye y por qué" in citizen.text()
    citizen.clean()


def ask(serving: Serving, secret: str) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {secret}"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{serving.address}/api/v1/desk/cases", headers=headers)
    ) as answer:
        found: dict[str, object] = json.load(answer)
    return found

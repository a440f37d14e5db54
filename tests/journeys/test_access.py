"""An officer looks at their own sessions, closes the one left open elsewhere, and changes the password."""

from __future__ import annotations

from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, wait_for_next_code
from tests.serving import Serving

NEW = "nueve nubes sobre el puerto"


def test_an_officer_closes_the_sessions_left_open_and_changes_the_password(browser: Browser, serving: Serving) -> None:
    elsewhere = Visit(browser.new_context(locale="es").new_page(), serving)
    enter_desk(elsewhere, "oscar")
    wait_for_next_code()
    visit = Visit(browser.new_context(viewport={"width": 320, "height": 640}, locale="es").new_page(), serving)
    enter_desk(visit, "oscar")
    visit.go("/cuentas/acceso/")
    visit.press("Mis sesiones abiertas")
    assert "Este equipo" in visit.text()
    visit.press("Cerrar las demás")
    assert "No tiene otra sesión abierta" in visit.text()
    elsewhere.page.goto(serving.address + "/despacho/")
    assert "/cuentas/entrar/" in elsewhere.page.url
    visit.go("/cuentas/clave/")
    password = next(login["password"] for login in serving.logins if login["email"].startswith("oscar"))
    for name, text in (("oldpassword", password), ("password1", NEW), ("password2", "otra cosa distinta")):
        visit.page.locator(f"[name={name}]").fill(text)
    visit.press("Cambiar mi clave")
    assert "/cuentas/clave/" in visit.page.url
    for name, text in (("oldpassword", password), ("password1", NEW), ("password2", NEW)):
        visit.page.locator(f"[name={name}]").fill(text)
    visit.press("Cambiar mi clave")
    assert "Mis sesiones abiertas" in visit.text()
    # Other journeys of this installation know the password it came with.
    visit.go("/cuentas/clave/")
    for name, text in (("oldpassword", NEW), ("password1", password), ("password2", password)):
        visit.page.locator(f"[name={name}]").fill(text)
    visit.press("Cambiar mi clave")
    visit.clean()

"""What people do in the journeys, and what every page they meet must satisfy."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.serving import Serving, totp


@dataclass
class Visit:
    """A page in use; `met` collects accessibility violations by address, and must stay empty."""

    page: Page
    serving: Serving
    met: dict[str, list[str]] = field(default_factory=dict)

    def go(self, path: str) -> None:
        self.page.goto(self.serving.address + path)
        self.look()

    def look(self) -> None:
        """axe finds nothing, and nothing sticks out of the window."""
        self.page.wait_for_load_state()
        found = Axe().run(self.page).response["violations"]
        if found:
            self.met[self.page.url] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            self.met.setdefault(self.page.url, []).append(f"sticks out by {width} px")

    def press(self, name: str) -> None:
        """Click the button or link of that name, then look at what came."""
        button = self.page.locator("main").get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name, exact=True)).first.click()
        self.look()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def text(self) -> str:
        return self.page.inner_text("main")

    def clean(self) -> None:
        assert self.met == {}


def login_of(serving: Serving, email: str) -> dict[str, str]:
    return next(login for login in serving.logins if login["email"].startswith(email))


def wait_for_next_code() -> None:
    """A code is accepted once: wait for the next half minute."""
    time.sleep(30 - time.time() % 30 + 0.5)


def number_in(text: str) -> str:
    found = re.search(r"\d{4}-[A-Z-]+-\d{6}", text)
    assert found
    return found[0]


def printed_in(text: str, number: str = "Número", code: str = "Código") -> tuple[str, str]:
    """Number and code as the text of a certificate prints them, each behind its word."""
    found = re.search(rf"{number} (\S+)\s+{code} (\S+)", text)
    assert found, text
    return found[1], found[2]


def ask(
    visit: Visit, document: str = "partida-de-nacimiento.pdf", state: str = "España", identity: str = "00000001"
) -> tuple[str, str]:
    """Ask for an apostille on the portal and pay it; returns number and code."""
    number, code = request(visit, document, state, identity)
    pay(visit)
    return number, code


def pay(visit: Visit) -> None:
    """Pay what the receipt on the screen asks for, through the simulated gateway."""
    visit.press("Pagar ahora")
    assert "S/\xa031.00" in visit.text()
    visit.press("Pagar en línea")
    assert "Esto no es un banco" in visit.text()
    visit.press("Pagar (simulado)")
    assert "Recibimos su pago" in visit.text()


def exempt(visit: Visit, cause: str = "Documento pedido de oficio por una entidad del Estado") -> None:
    """Let the case on the screen go on without paying, by a row of the law, and come back to it."""
    visit.press("Ver la orden de pago")
    visit.page.locator("label", has_text=cause).click()
    visit.press("Eximir y dar recibo de cero")
    assert "Quedó asentado" in visit.text()
    visit.press("Ver el expediente")


def collect(visit: Visit, given: str) -> None:
    """Take cash at the officer's own box for what the case on the screen owes, and come back to it."""
    case = visit.page.url
    visit.press("Caja")
    visit.fill("Fondo con que abre la caja", "0")
    visit.press("Abrir la caja")
    visit.page.locator("[name=orden]").first.check()
    visit.press("Cobrar lo marcado")
    visit.page.get_by_label("efectivo", exact=True).check()
    visit.fill("Efectivo que entrega", given)
    visit.press("Cobrar y dar recibo")
    visit.page.goto(case)


def request(
    visit: Visit, document: str = "partida-de-nacimiento.pdf", state: str = "España", identity: str = "00000001"
) -> tuple[str, str]:
    """Ask for an apostille on the portal; returns number and code. It waits for its payment."""
    visit.go("/")
    visit.press("Necesito que un documento valga en otro país")
    assert "consulados legalizan" in visit.text()
    visit.press("Empezar ahora")
    visit.page.get_by_label("¿En qué país va a presentar el documento?").select_option(label=state)
    visit.press("Continuar")
    visit.page.get_by_label("Partida o certificado del registro civil").check()
    visit.press("Continuar")
    visit.page.set_input_files("input[type=file]", str(visit.serving.document(document)))
    visit.press("Continuar")
    visit.fill("Nombres", "Carla")
    visit.fill("Primer apellido", "Inventada")
    visit.press("Continuar")
    visit.page.get_by_label("DNI", exact=True).check()
    visit.fill("Número del documento", identity)
    visit.page.get_by_label("País que lo emitió").select_option(label="Perú")
    visit.press("Continuar")
    visit.fill("Correo electrónico", "carla@ejemplo.example")
    visit.press("Continuar")
    assert "España" in visit.text()
    visit.press("Enviar la solicitud")
    return number_in(visit.text()), visit.page.inner_text("[data-code]")


def enter_desk(visit: Visit, name: str) -> None:
    login = login_of(visit.serving, name)
    visit.go("/despacho/")
    visit.page.locator("[name=login]").fill(login["email"])
    visit.page.locator("[name=password]").fill(login["password"])
    visit.page.locator("main form button").first.click()
    visit.look()
    visit.page.locator("[name=code]").fill(totp(login["totp_secret"]))
    visit.page.locator("main form button").first.click()
    visit.look()
    assert "/cuentas/" not in visit.page.url, visit.text()

"""Money: paid on line with its doubts, and a day at the box."""

from __future__ import annotations

from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, request
from tests.serving import Serving


def test_nobody_pays_twice_while_the_outcome_is_unknown(browser: Browser, serving: Serving) -> None:
    visit = Visit(browser.new_page(locale="es-PE"), serving)
    number, _ = request(visit)
    assert "Pague S/\xa031.00" in visit.text()
    visit.press("Pagar ahora")
    visit.press("Pagar en línea")
    simulator = visit.page.url
    visit.press("Rechazar")
    assert "El pago no se hizo" in visit.text()
    visit.press("Volver a intentarlo")
    visit.press("Pagar en línea")
    assert visit.page.url != simulator
    simulator = visit.page.url
    visit.press("No responder")
    assert "No pague otra vez" in visit.text()
    visit.press("Ver mi trámite")
    assert "No sabemos todavía" in visit.text()
    visit.press("Consultar el resultado")
    assert "No pague otra vez" in visit.text()
    # The gateway comes back to itself; the worker asks, and the case goes on.
    visit.page.goto(simulator)
    visit.press("Pagar (simulado)")
    assert "Recibimos su pago" in visit.text()
    visit.press("Ver mi trámite")
    assert "En revisión" in visit.text()
    assert number in visit.text()
    visit.clean()
    visit.page.close()


def test_a_day_at_the_box(browser: Browser, serving: Serving) -> None:
    person = Visit(browser.new_page(locale="es-PE"), serving)
    numbers = [request(person)[0] for _ in range(2)]
    person.clean()
    person.page.close()
    visit = Visit(browser.new_page(locale="es-PE"), serving)
    enter_desk(visit, "sara")
    visit.go("/despacho/caja/")
    visit.fill("Fondo con que abre la caja", "100,00")
    visit.press("Abrir la caja")
    for number in numbers:
        visit.page.get_by_label(number).first.check()
    visit.press("Cobrar lo marcado")
    visit.page.get_by_label("efectivo", exact=True).check()
    visit.fill("Efectivo que entrega", "100")
    visit.press("Cobrar y dar recibo")
    assert "S/\xa038.00" in visit.text()
    with visit.page.expect_download() as paper:
        visit.page.get_by_role("link", name="Imprimir el recibo (PDF)").click()
    assert paper.value.suggested_filename.startswith("recibo-")
    visit.fill("Motivo", "La persona prefiere pagar con tarjeta")
    visit.press("Anular el recibo")
    assert "quedó anulado" in visit.text()
    visit.press("Volver a la caja")
    visit.page.get_by_label(numbers[0]).first.check()
    visit.press("Cobrar lo marcado")
    visit.page.get_by_label("tarjeta", exact=True).check()
    visit.fill("Número de operación, si paga con tarjeta o transferencia", "004211")
    visit.press("Cobrar y dar recibo")
    visit.press("Volver a la caja")
    visit.press("Contar y cerrar la caja")
    assert "100.00" not in visit.text().replace("100.00 PEN", "")
    visit.fill("50.00 PEN", "2")
    visit.press("Enviar el conteo")
    assert "El conteo coincide" in visit.text()
    assert "Todo coincide." in visit.text()
    visit.press("Cerrar la caja")
    assert "La caja quedó cerrada" in visit.text()
    visit.go("/despacho/cuenta/")
    assert "La cuenta cuadra con el libro" in visit.text()
    with visit.page.expect_download() as paper:
        visit.page.get_by_role("link", name="Imprimir (PDF)").click()
    assert paper.value.suggested_filename.startswith("cuenta-")
    visit.page.set_viewport_size({"width": 320, "height": 800})
    for path in ("/despacho/cuenta/", "/despacho/caja/"):
        visit.go(path)
    visit.clean()
    visit.page.close()

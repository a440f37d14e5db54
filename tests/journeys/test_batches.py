"""An institution sends a batch by command, killed in the middle and run again; an officer issues it at once; all is downloaded."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser
from tests.journeys.people import Visit, enter_desk, wait_for_next_code
from tests.serving import Serving

PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
HOLDER = (
    "--destination=ES", "--kind=civil_registry", "--given-names=Carlos", "--first-surname=Inventado",
    "--document-kind=dni", "--document-number=00000009", "--issuing-state=PE", "--email=registro@ejemplo.example",
)  # fmt: skip


def command(serving: Serving, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "CANCILLERIA_HOME": str(serving.home)}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    program = [str(Path(sys.executable).parent / "cancilleria"), "apostille", *arguments]
    return subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def submit(serving: Serving, entity: str) -> subprocess.Popen[str]:
    return command(serving, "submit", str(serving.home / "demostracion" / "lote"), "--entity", entity, *HOLDER)


def entity_of(serving: Serving) -> str:
    said = command(serving, "entities").communicate()[0]
    return next(line.split()[0] for line in said.splitlines() if "Registro Civil" in line)


def send(serving: Serving) -> list[dict[str, str]]:
    """Killed after the second document, then run to its end, then once more; the rows of its report."""
    entity = entity_of(serving)
    killed = submit(serving, entity)
    assert killed.stdout is not None
    assert any(line.startswith("2/") for line in killed.stdout)
    killed.kill()
    killed.wait()
    folder, told = serving.home / "demostracion" / "lote", "9 archivos, 8 solicitudes presentadas, 1 sin presentar"
    numbers = []
    for _ in range(2):
        again = submit(serving, entity)
        assert told in again.communicate()[0]
        assert again.returncode == 1
        with (folder / "informe.csv").open(encoding="utf-8") as report:
            rows = list(csv.DictReader(report))
        numbers.append([row["expediente"] for row in rows])
    assert numbers[0] == numbers[1]
    assert len({number for number in numbers[0] if number}) == 8
    assert "parece una foto o un escaneo" in (folder / "informe.txt").read_text()
    return rows


def issue(desk: Visit) -> None:
    """Choose the batch's cases, confirm them, wait until all are issued."""
    desk.press("Lotes")
    desk.page.locator("main tbody a").first.click()
    desk.look()
    assert "parece una foto o un escaneo" in desk.text()
    desk.page.locator("main a[href*='lote=']").first.click()
    desk.look()
    desk.press("Seleccionar todas las de esta página")
    desk.press("Revisar los elegidos")
    assert "Va a firmar 8 apostillas" in desk.text()
    desk.press("Firmar 8 apostillas")
    deadline = time.monotonic() + 120
    while "La orden terminó" not in desk.text():
        assert time.monotonic() < deadline, desk.text()
        time.sleep(1)
        desk.page.reload()
    desk.look()
    assert desk.text().count("emitida") == 8


def test_a_batch_is_sent_by_command_issued_at_once_and_downloaded(
    browser: Browser, serving: Serving, tmp_path: Path
) -> None:
    rows = send(serving)
    wait_for_next_code()
    desk = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
    enter_desk(desk, "luis")
    desk.go("/despacho/firmar/")
    desk.page.set_viewport_size(PHONE)
    for path in ("/despacho/firmar/", "/despacho/lotes/"):
        desk.go(path)
    desk.page.set_viewport_size(SCREEN)
    issue(desk)
    desk.clean()
    for row in [r for r in rows if r["expediente"]]:
        visit = Visit(browser.new_page(viewport=SCREEN, locale="es"), serving)
        assert download(visit, row, tmp_path).startswith(b"%PDF-")


def download(visit: Visit, row: dict[str, str], folder: Path) -> bytes:
    """Follow the case with its number and code, and take the signed file once it is there."""
    visit.page.goto(f"{visit.serving.address}/seguimiento/")
    visit.page.locator("[name=number]").fill(row["expediente"])
    visit.page.locator("[name=code]").fill(row["codigo"])
    visit.page.locator("main form button").first.click()
    button, deadline = visit.page.get_by_role("button", name="Descargar la apostilla (PDF)"), time.monotonic() + 90
    while not button.count():
        assert time.monotonic() < deadline, visit.text()
        time.sleep(1)
        visit.page.reload()
    with visit.page.expect_download() as taken:
        button.click()
    taken.value.save_as(folder / "apostilla.pdf")
    visit.page.close()
    return (folder / "apostilla.pdf").read_bytes()

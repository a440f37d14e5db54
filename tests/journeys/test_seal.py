"""The seal of a printed apostille, read in the browser: by the camera, from a photograph; forged, it is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from playwright.sync_api import Playwright
from tests.journeys.conftest import ARGUMENTS, CHROMIUM
from tests.journeys.people import Visit, number_in
from tests.serving import Serving

PHONE = {"width": 320, "height": 640}
FRAME = (1280, 960)


@pytest.fixture(scope="module")
def papers(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An issued apostille printed and photographed, what a camera would see of it, and a forged one."""
    folder = tmp_path_factory.mktemp("papeles")
    program = str(Path(sys.executable).parent / "cancilleria")
    environment = {
        **os.environ,
        "CANCILLERIA_HOME": str(serving.home),
        "CANCILLERIA_PORT": serving.address.rsplit(":")[-1],
    }
    done = subprocess.run(
        [program, "demo", "apostilles", "1", "--out", str(folder)], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    with pypdfium2.PdfDocument(next(folder.glob("*.pdf"))) as document:
        page = document[0].render(scale=150 / 72).to_pil().convert("RGB")
    page.save(folder / "photograph.jpg", quality=85)
    foot = page.crop((page.width // 2, page.height * 2 // 3, page.width, page.height)).rotate(2, fillcolor="white")
    seen = Image.new("RGB", FRAME, "gray")
    seen.paste(foot.resize((FRAME[1] * foot.width // foot.height, FRAME[1])))
    seen.save(folder / "camera.jpg", quality=90)
    (folder / "camera.mjpeg").write_bytes((folder / "camera.jpg").read_bytes() * 3)
    (code,) = zxingcpp.read_barcodes(page, formats=[zxingcpp.BarcodeFormat.DataMatrix])
    forged = zxingcpp.create_barcode(code.bytes.replace(b"digital", b"Digital"), zxingcpp.BarcodeFormat.DataMatrix)
    Image.fromarray(forged.to_image(scale=4)).save(folder / "forged.png")
    ImageDraw.Draw(page).rectangle((page.width // 2, page.height * 2 // 3, page.width, page.height), fill="white")
    page.save(folder / "no-seal.jpg")
    return folder


@pytest.fixture
def visit(serving: Serving, papers: Path, playwright: Playwright) -> Iterator[Visit]:
    """A phone whose camera films the paper."""
    films = f"--use-file-for-fake-video-capture={papers / 'camera.mjpeg'}"
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, films])
    yield Visit(browser.new_page(viewport=PHONE, locale="es-PE"), serving)
    browser.close()


def test_a_seal_is_read_with_the_camera_and_from_a_photograph_and_nothing_is_sent(visit: Visit, papers: Path) -> None:
    sent: list[str] = []
    visit.go("/verificar/sello/")
    visit.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    visit.page.get_by_role("button", name="Usar la cámara").click()
    visit.page.get_by_text("Sello auténtico").wait_for(timeout=30_000)
    visit.look()
    number = number_in(visit.page.inner_text("[data-answer] dl"))
    assert visit.page.locator("[data-answer] dt").count() == 10
    for name, said in (
        ("photograph.jpg", "Sello auténtico"),
        ("forged.png", "No es auténtico"),
        ("no-seal.jpg", "No se encontró un sello"),
    ):
        visit.page.set_input_files("#picture", str(papers / name))
        visit.page.get_by_text(said).wait_for(timeout=30_000)
        visit.look()
    assert all(line.startswith("GET ") for line in sent)
    assert {line.rsplit("/", 1)[-1].split(".")[0] for line in sent if "blob:" not in line} <= {
        "confianza",
        "zxing_reader",
    }
    visit.page.set_input_files("#picture", str(papers / "photograph.jpg"))
    visit.press("Pregunte su estado al registro")
    assert visit.page.input_value("[name=number]") == number
    visit.clean()

"""`cancilleria seal verify`, as somebody calls it on a photograph, a PDF, or something else."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from cancilleria.services.seals import certificates, layouts
from cancilleria.services.seals.keys import SealingKey
from cancilleria.services.signing.tests.invented import ministry
from cancilleria.services.signing.trust import sign
from cancilleria.site.cli import main

ON = date(2026, 11, 23)
FIELDS = {
    "country": "Utopía", "signed_by": "ROSA INVENTADA", "capacity": "Registradora", "seal_of": "Registro", "at": "Utopía",
    "by": "Ministerio", "number": "2026-DGC-000123", "seal": "digital", "signature": "Carla Inventada Flores",
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A trust list with one key, a picture of its seal, and one of a stranger's."""
    keys = [SealingKey("UT", "CE", ec.generate_private_key(ec.SECP256R1()), date(2026, 1, 1)) for _ in range(2)]
    trust = replace(ministry().trust, seals=(keys[0].trusted(),))
    (tmp_path / "trust.json").write_bytes(sign(trust, ministry().log))
    for name, key in zip(("ours", "strange"), keys, strict=True):
        data = key.seal(layouts.APOSTILLE, certificates.features(FIELDS, ON), issued_on=ON, at=ON)
        code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.DataMatrix)
        Image.fromarray(code.to_image(scale=4)).save(tmp_path / f"{name}.png")
    Image.new("L", (300, 300), 255).save(tmp_path / "blank.jpg")
    (tmp_path / "text.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (tmp_path / "huge.png").write_bytes(_bomb())
    return tmp_path


def _bomb() -> bytes:
    """A small file that says it is a picture of 900 million points."""
    held = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("ours.png", 0, "VÁLIDO"),
        ("strange.png", 1, "NO VÁLIDO: emisor desconocido"),
        ("blank.jpg", 2, "no se encontró ningún sello"),
        ("text.pdf", 2, "el PDF no se puede leer"),
        ("trust.json", 2, "no es una imagen ni un PDF"),
        ("huge.png", 2, "NO SE PUEDE LEER"),
        ("none.png", 2, "NO SE PUEDE LEER"),
    ],
)
def test_each_answer_has_its_words_and_its_code(
    files: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, said: str
) -> None:
    assert main(["seal", "verify", str(files / name), "--trust", str(files / "trust.json")]) == code
    answer = capsys.readouterr().out
    assert said in answer
    assert ("8. Número: 2026-DGC-000123" in answer) == (code == 0)
    assert ("pregúntelo al registro" in answer) == (code == 0)


def test_programs_get_the_fields(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["seal", "verify", str(files / "ours.png"), "--trust", str(files / "trust.json"), "--json"]
    assert main(given) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["result"], found["kind"], found["fields"]) == ("valid", "apostille", FIELDS | {"on": ON.isoformat()})
    assert found["header"]["signed_on"] == ON.isoformat()

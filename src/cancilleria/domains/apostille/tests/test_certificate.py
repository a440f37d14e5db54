"""The certificate: one page, tagged, with the ten fields and its attachments."""

from __future__ import annotations

import io
import json

import pikepdf
import pypdfium2
import pytest

from cancilleria.domains.apostille.tasks import FOLDER, FRAME, TEMPLATES
from cancilleria.services.seals.codes import data_matrix
from cancilleria.services.seals.qr import qr_svg
from cancilleria.services.signing.compose import compose

FIELDS = {
    "country": "República de Utopía", "signed_by": "ROSA INVENTADA DE LA TORRE Y MONTENEGRO", "capacity": "Registradora",
    "seal_of": "Registro Civil Inventado de la Provincia Constitucional de Utopía la Vieja", "at": "Utopía",
    "by": "Ministerio de Relaciones Exteriores", "number": "2026-DGC-000123", "seal": "digital",
    "signature": "Carla Inventada Flores",
    "on": {"es": "23 de noviembre de 2026", "en": "23 November 2026", "fr": "23 novembre 2026"},
}  # fmt: skip
SEAL = data_matrix(bytes(range(256)) + bytes(150))  # as large as a seal can be
DATA = {
    "fields": FIELDS, "country": {"es": "U", "en": "Republic of Utopia", "fr": "République d'Utopie"},
    "authority": {"es": "M", "en": "Ministry", "fr": "Ministère"}, "number": FIELDS["number"],
    "code": "7K2M-9QXT-4RWB-HX", "address": "https://cancilleria.example", "index": 18204, "digest": "ab" * 32,
    "demonstration": True, "date": [2026, 11, 23], "joined": False, "direction": "", "languages": ["es", "en", "fr"],
    "seal_side": SEAL.side,
}  # fmt: skip


def certificate(kind: str = "apostille", *, code: bytes = SEAL.svg, **changed: object) -> bytes:
    files = {
        "data.json": json.dumps(DATA | changed).encode(), FRAME: (FOLDER / FRAME).read_bytes(),
        "seal.svg": code, "qr.svg": qr_svg("https://cancilleria.example/v/2026-DGC-000123/7K2M-9QXT-4RWB-HX/"),
        "original.pdf": b"%PDF-1.7\n", "act.json": b"{}", "receipt.tlog-proof": b"x",
    }  # fmt: skip
    return compose(TEMPLATES[kind].read_bytes(), files).data


def test_the_certificate_is_one_tagged_page_with_its_attachments() -> None:
    with pikepdf.open(io.BytesIO(certificate())) as pdf:
        assert len(pdf.pages) == 1
        assert bool(pdf.Root.MarkInfo.Marked)
        assert set(pdf.attachments) == {"original.pdf", "act.json", "receipt.tlog-proof"}
        assert str(pdf.Root.Lang) == "es"


def test_the_same_data_make_the_same_bytes() -> None:
    assert certificate() == certificate()


@pytest.mark.parametrize("direction", ["outward", "consular", "inward"])
def test_a_legalisation_is_one_page_in_each_direction(direction: str) -> None:
    with pikepdf.open(io.BytesIO(certificate("legalisation", direction=direction, joined=True))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]) == "Legalización 2026-DGC-000123"


def test_what_is_joined_to_paper_says_so() -> None:
    assert "UNIDA AL DOCUMENTO" in text_of(certificate(joined=True))
    assert "UNIDA AL DOCUMENTO" not in text_of(certificate())
    assert "Convention de La Haye" not in text_of(certificate("legalisation", direction="outward"))


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return str(pdf[0].get_textpage().get_text_range())


def test_the_certificate_is_written_first_in_the_ministrys_own_language() -> None:
    for kind in TEMPLATES:
        made = certificate(kind, languages=["en", "fr", "es"], direction="outward" if kind == "legalisation" else "")
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert (len(pdf.pages), str(pdf.Root.Lang)) == (1, "en")
            assert str(pdf.attachments["act.json"].description).startswith("The act")

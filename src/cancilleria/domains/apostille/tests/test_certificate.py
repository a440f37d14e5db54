"""The certificate: one page, tagged, with the ten fields and its attachments."""

from __future__ import annotations

import io
import json

import pikepdf

from cancilleria.domains.apostille.tasks import FOLDER, FRAME, TEMPLATES
from cancilleria.services.seals.qr import qr_svg
from cancilleria.services.signing.compose import compose

FIELDS = {
    "country": "República de Utopía", "signed_by": "ROSA INVENTADA DE LA TORRE Y MONTENEGRO", "capacity": "Registradora",
    "seal_of": "Registro Civil Inventado de la Provincia Constitucional de Utopía la Vieja", "at": "Lima",
    "by": "Ministerio de Relaciones Exteriores", "number": "2026-DGC-000123", "seal": "digital",
    "signature": "Carla Inventada Flores",
    "on": {"es": "23 de noviembre de 2026", "en": "23 November 2026", "fr": "23 novembre 2026"},
}  # fmt: skip
DATA = {
    "fields": FIELDS, "country": {"es": "U", "en": "Republic of Utopia", "fr": "République d'Utopie"},
    "authority": {"es": "M", "en": "Ministry", "fr": "Ministère"}, "number": FIELDS["number"],
    "code": "7K2M-9QXT-4RWB-HX", "address": "https://cancilleria.example", "index": 18204, "digest": "ab" * 32,
    "demonstration": True, "date": [2026, 11, 23], "joined": False, "direction": "",
}  # fmt: skip


def certificate(kind: str = "apostille", **changed: object) -> bytes:
    files = {
        "data.json": json.dumps(DATA | changed).encode(), FRAME: (FOLDER / FRAME).read_bytes(),
        "qr.svg": qr_svg("https://cancilleria.example/v/2026-DGC-000123/7K2M-9QXT-4RWB-HX/"),
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

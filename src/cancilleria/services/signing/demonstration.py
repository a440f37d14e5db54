"""Documents of invented entities, for the demonstration and for tests: signed, scanned, broken, of a stranger."""

from __future__ import annotations

import io
import json
from datetime import date

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.pades import DIGEST, ROOM_TO_MEASURE, loaded_signer
from cancilleria.services.signing.pki import Identity

TEMPLATE = b"""#let d = json("data.json")
#set document(title: d.title, date: datetime(year: d.year, month: d.month, day: d.day))
#set page(paper: "a4", margin: 28mm)
#set text(lang: d.language, font: "Libertinus Serif", size: 12pt)
#align(center)[#text(16pt, weight: "bold")[#d.entity]

#v(8mm)
#text(20pt)[#d.title]]
#v(12mm)
#set par(justify: true, leading: 0.9em)
#d.text
#v(24mm)
#align(right)[#line(length: 70mm, stroke: 0.4pt)
#d.signer \\
#d.capacity \\
#text(9pt)[#d.notice]]
"""


NOTICES = {
    "es": "Documento de demostración: personas y entidades inventadas, sin valor.",
    "en": "Demonstration document: invented people and entities, no value.",
}


def make_document(
    *, title: str, entity: str, text: str, signer: str, capacity: str, on: date, language: str = "es"
) -> bytes:
    """A one-page PDF as an entity prints it, without a digital signature."""
    data = {
        "title": title, "entity": entity, "text": text, "signer": signer, "capacity": capacity,
        "year": on.year, "month": on.month, "day": on.day, "language": language, "notice": NOTICES[language],
    }  # fmt: skip
    return compose(TEMPLATE, {"data.json": json.dumps(data).encode()}).data


def sign_as_entity(data: bytes, identity: Identity, *, name: str) -> bytes:
    """An approval signature by an entity's own officer, with the usual amount of padding."""
    metadata = signers.PdfSignatureMetadata(
        field_name="FirmaDeLaEntidad", md_algorithm=DIGEST, name=name, reason="Emisión",
        subfilter=fields.SigSeedSubFilter.PADES,
    )  # fmt: skip
    output = signers.PdfSigner(metadata, signer=loaded_signer(identity)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), bytes_reserved=ROOM_TO_MEASURE
    )
    return bytes(output.getbuffer())

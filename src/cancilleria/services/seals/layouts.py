"""What each kind of seal carries: features by tag, and how each is written (Doc 9303-13, parts B and C).

A layout is found by the header's two bytes: feature definition and document category. Those of ICAO have odd categories;
ours, even ones. Tags nobody declared are kept and shown in hexadecimal: they never make a signed seal wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cancilleria.services.seals import c40
from cancilleria.services.seals.errors import ParseError
from cancilleria.services.seals.vds import Feature, Seal, decode_date

Coding = Literal["c40", "mrz", "text", "date", "bytes", "days"]


@dataclass(frozen=True)
class Field:
    """One feature. `size` is its length in bytes when the standard fixes it; `cut` is where a zone's lines part."""

    tag: int
    name: str
    coding: Coding
    size: int | None = None
    cut: int = 0


@dataclass(frozen=True)
class Layout:
    """A kind of seal: its name in Spanish and its fields in the order in which they are shown."""

    key: str
    name: str
    fields: tuple[Field, ...]


CERTIFICATE_FIELDS = (
    Field(1, "country", "text"), Field(2, "signed_by", "text"), Field(3, "capacity", "text"), Field(4, "seal_of", "text"),
    Field(5, "at", "text"), Field(6, "on", "date", 3), Field(7, "by", "text"), Field(8, "number", "text"),
    Field(9, "seal", "text"), Field(10, "signature", "text"), Field(11, "digest", "bytes", 32),
)  # fmt: skip
CERTIFICATE = 0xCA  # our feature definition: the ten fields of a certificate of signature
APOSTILLE, LEGALISATION = (CERTIFICATE, 0x02), (CERTIFICATE, 0x04)
VISA, EMERGENCY_TRAVEL_DOCUMENT = (0x5D, 0x01), (0x5E, 0x03)
LAYOUTS: Mapping[tuple[int, int], Layout] = {
    APOSTILLE: Layout("apostille", "apostilla", CERTIFICATE_FIELDS),
    LEGALISATION: Layout("legalisation", "legalización", CERTIFICATE_FIELDS),
    VISA: Layout(
        "visa",
        "visa",
        (
            Field(1, "mrz", "mrz", 48, cut=44),
            Field(2, "mrz", "mrz", 44, cut=36),
            Field(3, "entries", "bytes", 1),
            Field(4, "stay", "days", 3),
            Field(5, "passport", "c40", 6),
            Field(6, "type", "bytes"),
            Field(7, "more", "bytes"),
        ),
    ),
    EMERGENCY_TRAVEL_DOCUMENT: Layout(
        "emergency_travel_document", "documento de viaje de emergencia", (Field(2, "mrz", "mrz", 48, cut=36),)
    ),
}


def layout_of(seal: Seal) -> Layout | None:
    return LAYOUTS.get((seal.header.definition, seal.header.category))


def read(seal: Seal) -> dict[str, str]:
    """The seal's data as text, by name; of an unknown kind, by tag. Raises ParseError when a known one is malformed."""
    layout = layout_of(seal)
    known = {field.tag: field for field in layout.fields} if layout else {}
    found: dict[str, str] = {}
    for tag, value in seal.features:
        field = known.get(tag)
        name = field.name if field else f"tag_{tag}"
        if name in found:
            raise ParseError("está dos veces", f"dato {tag}")
        found[name] = _text(field, value) if field else value.hex()
    order = [field.name for field in known.values()]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def zone(text: str) -> bytes:
    """A machine readable zone as a feature's value: its lines joined, `<` as spaces (Doc 9303-13, section 2.6)."""
    return c40.encode(text.replace("\n", "").replace("<", " "))


def stay(*, days: int = 0, months: int = 0, years: int = 0) -> Feature:
    """How long the holder of a visa may stay (tag 4)."""
    return 4, bytes((days, months, years))


def _text(field: Field, value: bytes) -> str:
    where = f"dato {field.tag}"
    if field.size is not None and len(value) != field.size:
        raise ParseError(f"ocupa {len(value)} bytes y debe ocupar {field.size}", where)
    if field.coding == "text":
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError("no es un texto", where) from error
    if field.coding == "date":
        return decode_date(value, where).isoformat()
    if field.coding == "days":
        return "{}-{}-{}".format(*value)
    if field.coding == "bytes":
        return value.hex()
    text = c40.decode(value, where)
    return text if field.coding == "c40" else _lines(text.replace(" ", "<"), field.cut)


def _lines(text: str, cut: int) -> str:
    return f"{text[:cut]}\n{text[cut:]}"

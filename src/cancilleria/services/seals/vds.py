"""Visible digital seals: their bytes, written, signed, read and verified (Doc 9303-13; BSI TR-03137-1, section 3).

A seal is a header, features (tag, length, value) and a signature r || s over all that stands before it. The curve of the
key says the hash: SHA-224, 256, 384 or 512. We sign with P-256; brainpool curves of others are verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from cancilleria.services.seals import c40
from cancilleria.services.seals.errors import ParseError

MAGIC, SIGNATURE = 0xDC, 0xFF
V3, V4 = 0x02, 0x03  # the byte is one less than the version's name (Doc 9303-13, section 2.2)
CERTIFICATE_V3 = 5  # characters of the certificate's reference in version 3; version 4 tells its length
HASHES: dict[int, hashes.HashAlgorithm] = {
    224: hashes.SHA224(), 256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512(),
}  # fmt: skip
Feature = tuple[int, bytes]


@dataclass(frozen=True)
class Header:
    """Who sealed what, and when. `signer` is four characters: country and signer; `certificate` names its key."""

    country: str
    signer: str
    certificate: str
    issued_on: date
    signed_on: date
    definition: int
    category: int
    version: int = V4

    @property
    def reference(self) -> str:
        """The key's name in a trust list."""
        return self.signer + self.certificate


@dataclass(frozen=True)
class Seal:
    """A seal as read: `signed` are the very bytes under the signature."""

    header: Header
    features: tuple[Feature, ...]
    signed: bytes
    signature: bytes


def sign(header: Header, features: Sequence[Feature], key: ec.EllipticCurvePrivateKey) -> bytes:
    """The seal's bytes. Raises ValueError when a part cannot be written."""
    signed = unsigned(header, features)
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(_hash(key.curve))))
    half = _half(key.curve)
    signature = r.to_bytes(half, "big") + s.to_bytes(half, "big")
    return signed + bytes((SIGNATURE,)) + _length(len(signature)) + signature


def unsigned(header: Header, features: Sequence[Feature]) -> bytes:
    """Header and features: what the signature covers."""
    written = b"".join(bytes((_tag(tag),)) + _length(len(value)) + value for tag, value in features)
    if not written:
        raise ValueError("un sello necesita al menos un dato")
    return _header(header) + written


def decode(data: bytes) -> Seal:
    """Read a seal; nothing may be left over. Raises ParseError only."""
    header, at = _read_header(data)
    features: list[Feature] = []
    while True:
        start, tag = at, _byte(data, at, "datos del sello")
        where = "firma" if tag == SIGNATURE else f"dato {tag}"
        size, at = _read_length(data, at + 1, where)
        value = data[at : at + size]
        if len(value) < size:
            raise ParseError("el sello está cortado", where)
        at += size
        if tag == SIGNATURE:
            break
        features.append((tag, value))
    if not features:
        raise ParseError("no lleva ningún dato", "datos del sello")
    if at != len(data):
        raise ParseError("sobran bytes después de la firma", "firma")
    if not value or len(value) % 2:
        raise ParseError("su longitud no es la de r || s", "firma")
    return Seal(header, tuple(features), data[:start], value)


def verify(seal: Seal, key: ec.EllipticCurvePublicKey) -> bool:
    """Whether the signature is of that key over the seal's bytes."""
    half = _half(key.curve)
    if len(seal.signature) != 2 * half or key.curve.key_size not in HASHES:
        return False
    r, s = (int.from_bytes(part, "big") for part in (seal.signature[:half], seal.signature[half:]))
    try:
        key.verify(encode_dss_signature(r, s), seal.signed, ec.ECDSA(_hash(key.curve)))
    except InvalidSignature:
        return False
    return True


def encode_date(day: date) -> bytes:
    """Three bytes: the number MMDDYYYY (Doc 9303-13, section 2.3)."""
    return int(f"{day:%m%d}{day.year:04d}").to_bytes(3, "big")


def decode_date(data: bytes, where: str) -> date:
    if len(data) != 3:
        raise ParseError("una fecha ocupa tres bytes", where)
    digits = f"{int.from_bytes(data, 'big'):08d}"
    try:
        return date(int(digits[4:]), int(digits[:2]), int(digits[2:4]))
    except ValueError as error:
        raise ParseError("no es una fecha", where) from error


def _header(header: Header) -> bytes:
    if header.version == V3 and len(header.certificate) != CERTIFICATE_V3:
        raise ValueError("en la versión 3 la referencia del certificado tiene cinco caracteres")
    if header.version not in (V3, V4) or len(header.signer) != 4 or not 1 <= len(header.country) <= 3:
        raise ValueError("la cabecera del sello no se puede escribir")
    told = f"{len(header.certificate):02X}" if header.version == V4 else ""
    dates = encode_date(header.issued_on) + encode_date(header.signed_on)
    return (
        bytes((MAGIC, header.version))
        + c40.encode(header.country.ljust(3))
        + c40.encode(header.signer + told + header.certificate)
        + dates
        + bytes((header.definition, header.category))
    )


def _read_header(data: bytes) -> tuple[Header, int]:
    where = "cabecera"
    if _byte(data, 0, where) != MAGIC:
        raise ParseError("no es un sello digital visible", where)
    version = _byte(data, 1, where)
    if version not in (V3, V4):
        raise ParseError(f"versión de sello desconocida ({version + 1})", where)
    characters, told = 4 + CERTIFICATE_V3, 4
    if version == V4:
        length = c40.decode(data[4:8], where)[4:]
        if len(length) != 2 or not set(length) <= set("0123456789ABCDEF"):
            raise ParseError("no dice cuánto mide la referencia del certificado", where)
        characters, told = 6 + int(length, 16), 6
    at = 4 + c40.size(characters)
    name = c40.decode(data[4:at], where)
    if len(data) < at + 8 or len(name) != characters:
        raise ParseError("el sello está cortado", where)
    issued, signed = (decode_date(data[n : n + 3], where) for n in (at, at + 3))
    country = c40.decode(data[2:4], where).rstrip()
    return Header(country, name[:4], name[told:], issued, signed, data[at + 6], data[at + 7], version), at + 8


def _byte(data: bytes, at: int, where: str) -> int:
    if at >= len(data):
        raise ParseError("el sello está cortado", where)
    return data[at]


def _tag(tag: int) -> int:
    if not 0 <= tag < SIGNATURE:
        raise ValueError("la etiqueta de un dato va de 0 a 254")
    return tag


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    if size > 0xFFFF:
        raise ValueError("un dato del sello no pasa de 65 535 bytes")
    return bytes((0x81, size)) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")


def _read_length(data: bytes, at: int, where: str) -> tuple[int, int]:
    """As DER tells it. 0x80 is taken for 128, as the specimen of a visa with a picture writes it."""
    first = _byte(data, at, where)
    if first <= 0x80:
        return first, at + 1
    count = first - 0x80
    if count > 2:
        raise ParseError("no se entiende su longitud", where)
    size = int.from_bytes(data[at + 1 : at + 1 + count], "big")
    if len(data) < at + 1 + count or size < (0x80, 0x100)[count - 1]:
        raise ParseError("no se entiende su longitud", where)
    return size, at + 1 + count


def _half(curve: ec.EllipticCurve) -> int:
    return (curve.key_size + 7) // 8


def _hash(curve: ec.EllipticCurve) -> hashes.HashAlgorithm:
    if curve.key_size not in HASHES:
        raise ValueError("esa curva no se usa en un sello")
    return HASHES[curve.key_size]

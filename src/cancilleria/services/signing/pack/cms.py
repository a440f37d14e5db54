"""The CMS of a PDF signature and of a time stamp (RFC 5652, RFC 3161): verified, then put together again and compared.

What no signature covers must be, byte for byte, what the only correct encoding says.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from cancilleria.services.signing.pack.der import (
    CONTEXT_0,
    INTEGER,
    NULL,
    OCTETS,
    SEQUENCE,
    SET,
    Der,
    make_der,
    oid,
    read_der,
)
from cancilleria.services.signing.pack.refused import Refused, must

SIGNED_DATA, DATA, STAMP_INFO = (
    oid(f"1.2.840.113549.{rest}") for rest in ("1.7.2", "1.7.1", "1.9.16.1.4")
)  # fmt: skip
NOTHING = make_der(NULL)
SHA256 = [make_der(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"), rest) for rest in (b"", NOTHING)]
RSA = [make_der(SEQUENCE, oid(f"1.2.840.113549.1.1.{number}"), rest) for number in (1, 11) for rest in (b"", NOTHING)]
TYPE, DIGEST, TIME = (oid(f"1.2.840.113549.1.9.{number}") for number in (3, 4, 5))
CERTIFICATE_1, CERTIFICATE_2 = (oid(f"1.2.840.113549.1.9.16.2.{number}") for number in (12, 47))
PROTECTION = oid("1.2.840.113549.1.9.52")
ATTRIBUTES = {
    False: {TYPE, DIGEST, CERTIFICATE_2, PROTECTION},
    True: {TYPE, DIGEST, CERTIFICATE_1, CERTIFICATE_2, TIME},
}


@dataclass(frozen=True)
class Signed:
    """One verified revision. `stamped_at` only for a document time stamp; `end` is where the revision ends."""

    certificate: x509.Certificate
    bag: tuple[x509.Certificate, ...]
    content: bytes
    end: int
    stamped_at: datetime | None = None


def verify_cms(content: bytes, signed: bytes, roots: Sequence[x509.Certificate], end: int) -> Signed:
    """Everything a CMS says of the bytes it signs. Raises Refused."""
    try:
        return _verified(content, signed, roots, end)
    except Refused:
        raise
    except Exception as error:  # whatever a library raises on a certificate, it is none that signs here
        raise Refused("contents") from error


def _verified(content: bytes, signed: bytes, roots: Sequence[x509.Certificate], end: int) -> Signed:
    data = read_der(content).child(1, 0)
    kind = data.child(2, 0).whole
    is_stamp = kind == STAMP_INFO
    must(is_stamp or kind == DATA, "contents")
    stamped = data.child(2, 1, 0).body if is_stamp else b""
    bag = tuple(x509.load_der_x509_certificate(found.whole) for found in data.child(3).children())
    info = data.child(4, 0)
    signer = _signer(bag, info)
    _check_signer(signer, info, stamped if is_stamp else signed, is_stamp)
    must(_rebuilt(data, info, stamped if is_stamp else None) == content, "loose_bytes")
    check_bag(bag, signer, roots)
    _check_usage(signer, is_stamp)
    return Signed(signer, bag, content, end, _stamped_at(stamped, signed) if is_stamp else None)


def check_bag(bag: Sequence[x509.Certificate], signer: x509.Certificate, roots: Sequence[x509.Certificate]) -> None:
    """Every certificate is a trusted root or leads to one: none is a free passenger, and no root signs documents."""
    trusted = list(roots)
    waiting = [certificate for certificate in bag if certificate not in roots]
    while waiting:
        led = [certificate for certificate in waiting if any(_issued(certificate, above) for above in trusted)]
        must(led, "issuer")
        trusted += led
        waiting = [certificate for certificate in waiting if certificate not in led]
    must(signer not in roots, "usage")


def _signer(bag: Sequence[x509.Certificate], info: Der) -> x509.Certificate:
    for certificate in bag:
        if _name_of(certificate) == info.child(1).whole:
            return certificate
    raise Refused("signer_missing")


def _name_of(certificate: x509.Certificate) -> bytes:
    """Issuer and serial number, cut out of the certificate itself."""
    parts = read_der(certificate.public_bytes(Encoding.DER)).child(0).children()
    must(parts[0].tag == CONTEXT_0, "contents")
    return make_der(SEQUENCE, parts[3].whole, parts[1].whole)


def _check_signer(signer: x509.Certificate, info: Der, digested: bytes, is_stamp: bool) -> None:
    rows = [row.children() for row in info.child(3).children()]
    must(all(len(row) == 2 for row in rows), "attributes")
    found = {row[0].whole: row[1] for row in rows}
    must(
        len(found) == len(rows) and found.keys() <= ATTRIBUTES[is_stamp] and {TYPE, DIGEST} <= found.keys(),
        "attributes",
    )
    must(found[TYPE].child(0).whole == (STAMP_INFO if is_stamp else DATA), "attributes")
    must(hmac.compare_digest(found[DIGEST].child(0).body, hashlib.sha256(digested).digest()), "changed")
    named = found.get(CERTIFICATE_2)
    if named is not None:
        digest = next(part.body for part in named.child(0, 0, 0).children() if part.tag == OCTETS)
        must(digest == signer.fingerprint(hashes.SHA256()), "signer_missing")
    check_signature(signer, info.child(5).body, make_der(SET, info.child(3).body))


def check_signature(signer: x509.Certificate, signature: bytes, message: bytes) -> None:
    """RSASSA-PKCS1-v1_5 with SHA-256 under the signer's key. Raises Refused."""
    key = signer.public_key()
    if not isinstance(key, RSAPublicKey):
        raise Refused("usage")
    try:
        key.verify(signature, message, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise Refused("bad_signature") from error


def _check_usage(signer: x509.Certificate, is_stamp: bool) -> None:
    """A time-stamp authority signs no documents, and the ministry's seal puts no time stamps (RFC 3161, 2.3)."""
    try:
        usage = list(signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        usage = []
    must((ExtendedKeyUsageOID.TIME_STAMPING in usage) is is_stamp, "usage")


def _rebuilt(data: Der, info: Der, stamped: bytes | None) -> bytes:
    digests, signatures = [data.child(1, 0).whole, info.child(2).whole], info.child(4).whole
    must(all(found in SHA256 for found in digests) and signatures in RSA, "loose_bytes")
    inner = [DATA] if stamped is None else [STAMP_INFO, make_der(CONTEXT_0, make_der(OCTETS, stamped))]
    one = make_der(INTEGER, b"\x01")
    again = make_der(
        SEQUENCE, one, info.child(1).whole, digests[1], info.child(3).whole, signatures, make_der(OCTETS, info.child(5).body)
    )  # fmt: skip
    must(info.child(3).tag == CONTEXT_0, "contents")
    whole = make_der(
        SEQUENCE, one if stamped is None else make_der(INTEGER, b"\x03"), make_der(SET, digests[0]),
        make_der(SEQUENCE, *inner), make_der(CONTEXT_0, data.child(3).body), make_der(SET, again),
    )  # fmt: skip
    return make_der(SEQUENCE, SIGNED_DATA, make_der(CONTEXT_0, whole))


def _issued(certificate: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        must(above.extensions.get_extension_for_class(x509.BasicConstraints).value.ca, "issuer")
        certificate.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return True


def _stamped_at(token: bytes, signed: bytes) -> datetime:
    info = read_der(token)
    must(info.child(2, 0).whole in SHA256, "stamp")
    must(hmac.compare_digest(info.child(2, 1).body, hashlib.sha256(signed).digest()), "stamp")
    text = info.child(4).body.decode("ascii")
    pattern = "%Y%m%d%H%M%S.%fZ" if "." in text else "%Y%m%d%H%M%SZ"
    return datetime.strptime(text, pattern).replace(tzinfo=UTC)

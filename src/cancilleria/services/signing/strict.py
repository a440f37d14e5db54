"""Strict verification of a PDF we signed: any changed bit is refused, wherever it is (DECISIONS 27).

A usual verifier ignores bytes no signature reaches: padding of /Contents, parts of the CMS. Here the signature's room is
exact, the ranges cover the whole file, and the CMS must be, byte for byte, the one rebuilt from what was verified.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

RANGE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")
SIGNED_ATTRIBUTES = {
    "etsi": {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"},
    "stamp": {"content_type", "message_digest", "signing_certificate_v2", "signing_certificate", "signing_time"},
}


class NotValid(ValueError):
    """The file is not what was signed; the message says what does not hold, in Spanish."""


class IssuerUnknown(ValueError):
    """The signature holds, but leads to no authority of the trust list."""


@dataclass(frozen=True)
class Signature:
    """One verified revision: who signed, and until which byte. `stamped_at` only for a document time stamp."""

    certificate: x509.Certificate
    end: int
    stamped_at: datetime | None = None


def verify_pdf(data: bytes, roots: Sequence[x509.Certificate]) -> list[Signature]:
    """The document's signature and the time stamps after it, all verified. Raises NotValid or IssuerUnknown only."""
    try:
        return _verify_revisions(data, roots)
    except (NotValid, IssuerUnknown):
        raise
    except Exception as error:  # whatever a damaged structure makes a parser raise, the file is not what was signed
        raise NotValid("la firma está dañada") from error


def _verify_revisions(data: bytes, roots: Sequence[x509.Certificate]) -> list[Signature]:
    found: list[Signature] = []
    end = len(data)
    for match in reversed(list(RANGE.finditer(data))):
        first, second, length = (int(group) for group in match.groups())
        if match.start() > end:
            continue
        if second + length != end:
            raise NotValid("la firma no cubre todo el archivo")
        if not 0 < first < second <= end or match.end() > end:
            raise NotValid("el rango firmado es imposible")
        signature, is_stamp = _verify_revision(data[:end], first, second, roots)
        found.append(signature)
        if not is_stamp:
            return found[::-1]
        end = _previous_end(data, end)
    raise NotValid("el archivo no lleva una firma nuestra")


def _previous_end(data: bytes, end: int) -> int:
    """Where the revision before the one that ends at `end` ends: just after the %%EOF before the last."""
    last = data.rfind(b"%%EOF", 0, end)
    before = data.rfind(b"%%EOF", 0, last)
    if before < 0:
        raise NotValid("no hay una revisión anterior firmada")
    stop = before + len(b"%%EOF")
    return stop + (2 if data[stop : stop + 2] == b"\r\n" else 1 if data[stop : stop + 1] in (b"\n", b"\r") else 0)


def _verify_revision(data: bytes, first: int, second: int, roots: Sequence[x509.Certificate]) -> tuple[Signature, bool]:
    signed = data[:first] + data[second:]
    content = _contents(data[first:second])
    parsed, signed_data = _parse(content)
    inner = str(signed_data["encap_content_info"]["content_type"].native)
    is_stamp = inner == "tst_info"
    if not is_stamp and inner != "data":
        raise NotValid("la firma es de otra clase")
    encapsulated = signed_data["encap_content_info"]["content"]
    digested = bytes(encapsulated.contents) if is_stamp else signed
    certificate = _verify_signer(signed_data, digested, "stamp" if is_stamp else "etsi")
    _verify_bag(signed_data, certificate, roots)
    _compare_rebuilt(content, parsed, is_stamp)
    stamped_at = _verify_stamp(encapsulated, signed) if is_stamp else None
    return Signature(certificate, len(data), stamped_at), is_stamp


def _contents(text: bytes) -> bytes:
    if text[:1] != b"<" or text[-1:] != b">" or not re.fullmatch(rb"[0-9a-f]+|[0-9A-F]+", text[1:-1]) or len(text) % 2:
        raise NotValid("el contenido de la firma no está escrito como debe")
    return bytes.fromhex(text[1:-1].decode("ascii"))


def _parse(content: bytes) -> tuple[cms.ContentInfo, cms.SignedData]:
    parsed = cms.ContentInfo.load(content, strict=True)
    if parsed["content_type"].native != "signed_data" or len(parsed["content"]["signer_infos"]) != 1:
        raise NotValid("la firma no es una sola")
    return parsed, parsed["content"]


def _verify_signer(signed_data: cms.SignedData, digested: bytes, kind: str) -> x509.Certificate:
    info = signed_data["signer_infos"][0]
    attributes = {str(a["type"].native): a["values"] for a in info["signed_attrs"]}
    if not attributes.keys() <= SIGNED_ATTRIBUTES[kind] or len(attributes) != len(info["signed_attrs"]):
        raise NotValid("la firma lleva atributos que no debe")
    if info["unsigned_attrs"] is not None and info["unsigned_attrs"].native:
        raise NotValid("la firma lleva datos sin firmar")
    if not hmac.compare_digest(attributes["message_digest"][0].native, hashlib.sha256(digested).digest()):
        raise NotValid("el archivo cambió después de firmarse")
    certificate = _certificate_of(signed_data, info)
    _check_signature(certificate, bytes(info["signature"].native), bytes(info["signed_attrs"].untag().dump(force=True)))
    named = attributes.get("signing_certificate_v2")
    if named is not None and named[0]["certs"][0]["cert_hash"].native != certificate.fingerprint(hashes.SHA256()):
        raise NotValid("la firma nombra otro certificado")
    return certificate


def _certificate_of(signed_data: cms.SignedData, info: cms.SignerInfo) -> x509.Certificate:
    # Issuer and serial number are outside the signed attributes: byte for byte those of one certificate.
    for choice in signed_data["certificates"]:
        body = choice.chosen["tbs_certificate"]
        named = cms.IssuerAndSerialNumber({"issuer": body["issuer"], "serial_number": body["serial_number"]})
        if info["sid"].name == "issuer_and_serial_number" and named.dump(force=True) == info["sid"].chosen.dump():
            return x509.load_der_x509_certificate(choice.chosen.dump())
    raise NotValid("falta el certificado del firmante")


def _bag(signed_data: cms.SignedData) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(choice.chosen.dump()) for choice in signed_data["certificates"]]


def _verify_bag(signed_data: cms.SignedData, signer: x509.Certificate, roots: Sequence[x509.Certificate]) -> None:
    """Every certificate must be a trusted root or be signed by another that leads to one: none is a free passenger."""
    bag = _bag(signed_data)
    trusted = [c for c in bag if c in roots] + [root for root in roots if root not in bag]
    waiting = [c for c in bag if c not in roots]
    while waiting:
        led = [c for c in waiting if any(_issued(c, above) for above in trusted)]
        if not led:
            raise IssuerUnknown("la firma no lleva a una autoridad de la lista de confianza")
        trusted += led
        waiting = [c for c in waiting if c not in led]
    if signer in roots:
        raise NotValid("una autoridad raíz no firma documentos")


def _issued(certificate: x509.Certificate, above: x509.Certificate) -> bool:
    if certificate.issuer != above.subject:
        return False
    constraints = above.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not constraints.ca or certificate.signature_hash_algorithm is None:
        return False
    try:
        certificate.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _check_signature(certificate: x509.Certificate, signature: bytes, message: bytes) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise NotValid("la clave del firmante es de otra clase")
    try:
        key.verify(signature, message, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise NotValid("la firma no corresponde al archivo") from error


def _compare_rebuilt(content: bytes, parsed: cms.ContentInfo, is_stamp: bool) -> None:
    """Whatever no signature covers must be what the only correct encoding says."""
    signed_data = parsed["content"]
    info = signed_data["signer_infos"][0]
    algorithm = {"algorithm": "sha256"}
    inner: dict[str, object] = {"content_type": "tst_info" if is_stamp else "data"}
    if is_stamp:
        inner["content"] = core.ParsableOctetString(bytes(signed_data["encap_content_info"]["content"].contents))
    rebuilt = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v3" if is_stamp else "v1",
                    "digest_algorithms": cms.DigestAlgorithms((_same(signed_data["digest_algorithms"][0], algorithm),)),
                    "encap_content_info": cms.EncapsulatedContentInfo(inner) if is_stamp else cms.ContentInfo(inner),
                    "certificates": signed_data["certificates"],
                    "signer_infos": [
                        cms.SignerInfo(
                            {
                                "version": "v1",
                                "sid": info["sid"],
                                "digest_algorithm": _same(info["digest_algorithm"], algorithm),
                                "signed_attrs": info["signed_attrs"],
                                "signature_algorithm": _same(
                                    info["signature_algorithm"],
                                    {"algorithm": info["signature_algorithm"]["algorithm"].native},
                                ),
                                "signature": info["signature"],
                            }
                        )
                    ],
                }
            ),
        }
    )
    if rebuilt.dump(force=True) != content or parsed.dump(force=True) != content:
        raise NotValid("la firma lleva bytes que ninguna firma cubre")


def _same(found: core.Sequence, expected: dict[str, str]) -> core.Sequence:
    """The algorithm as given, if it is the expected one, with no parameters or NULL."""
    if found["algorithm"].native != expected["algorithm"] or found["parameters"].native is not None:
        raise NotValid("la firma usa un algoritmo que no se admite")
    if expected["algorithm"] not in {"sha256", "sha256_rsa", "rsassa_pkcs1v15"}:
        raise NotValid("la firma usa un algoritmo que no se admite")
    return found


def _verify_stamp(encapsulated: core.ParsableOctetString, signed: bytes) -> datetime:
    info = tsp.TSTInfo.load(bytes(encapsulated.contents), strict=True)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise NotValid("el sello de tiempo usa un algoritmo que no se admite")
    if not hmac.compare_digest(imprint["hashed_message"].native, hashlib.sha256(signed).digest()):
        raise NotValid("el sello de tiempo es de otro archivo")
    stamped: datetime = info["gen_time"].native
    return stamped.astimezone(UTC)

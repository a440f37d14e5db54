"""Reads the digital signature of a received PDF. Runs in the child process of `kernel.documents.parsing` only.

Refused: JavaScript, launch actions, encryption, executables inside. A signature is valid when the last one covers the
file (only document time stamps and validation data may follow) and leads to an authority the ministry registered.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping

import pikepdf
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from cancilleria.kernel.documents.rules import (
    MAX_PAGES,
    Broken,
    Inspection,
    Refused,
    Signer,
    UnknownSigner,
    Unsigned,
    Valid,
)

FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/ImportData", "/SubmitForm", "/RichMedia", "/Movie", "/Sound", "/XFA"}
EXECUTABLE = (
    ".exe",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".scr",
    ".jar",
    ".ps1",
    ".html",
    ".htm",
    ".svg",
    ".docm",
    ".xlsm",
    ".dll",
    ".msi",
    ".sh",
)
MAX_OBJECTS = 200_000


def inspect(data: bytes, given: Mapping[str, object]) -> dict[str, object]:
    """`Inspection.as_json()` of a PDF. `given["roots"]` are DER certificates in base64. Raises Refused."""
    pages = _structure(data)
    roots = given.get("roots")
    return Inspection(pages, _signature(data, roots if isinstance(roots, list) else [])).as_json()


def _structure(data: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if len(pdf.pages) > MAX_PAGES:
                raise Refused("too_long")
            if len(pdf.objects) > MAX_OBJECTS:
                raise Refused("too_costly")
            if any(_is_active(found) for found in pdf.objects) or any(
                name.lower().endswith(EXECUTABLE) for name in pdf.attachments
            ):
                raise Refused("active")
            return len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error


def _is_active(found: object) -> bool:
    """Whether an object, or a dictionary directly inside it, is an action or content that runs."""
    if isinstance(found, pikepdf.Array):
        return any(_is_active(item) for item in found if not getattr(item, "is_indirect", False))
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if (
        FORBIDDEN & set(found.keys())
        or str(found.get("/S", "")) in FORBIDDEN
        or str(found.get("/Subtype", "")) in FORBIDDEN
    ):
        return True
    inside = (found.get(str(key)) for key in found.keys())  # noqa: SIM118 - a PDF dictionary, not a dict
    return any(_is_active(item) for item in inside if not getattr(item, "is_indirect", False))


def _signature(data: bytes, roots: Iterable[object]) -> Unsigned | Broken | UnknownSigner | Valid:
    reader = PdfFileReader(io.BytesIO(data))
    signatures = reader.embedded_regular_signatures
    if not signatures:
        return Unsigned()
    last = signatures[-1]
    trusted = [asn1_x509.Certificate.load(base64.b64decode(str(root))) for root in roots]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = validate_pdf_signature(last, signer_validation_context=context)
    except Exception:  # a signature that cannot be evaluated is one that does not hold
        return Broken()
    if not (status.intact and status.valid) or not _covers(status):
        return Broken()
    signer = _signer(last.signer_cert)
    signed_on = status.signer_reported_dt.date().isoformat() if status.signer_reported_dt else ""
    return Valid(signer, signed_on) if status.trusted else UnknownSigner(signer)


def _covers(status: PdfSignatureStatus) -> bool:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    later = status.modification_level
    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and later == ModificationLevel.LTA_UPDATES)


def _signer(certificate: asn1_x509.Certificate) -> Signer:
    subject = certificate.subject.native
    return Signer(
        name=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        title=str(subject.get("title", "")),
        issuer=str(certificate.issuer.native.get("common_name", "")),
        fingerprint=certificate.sha256.hex(),
        valid_from=certificate.not_valid_before.date().isoformat(),
        valid_to=certificate.not_valid_after.date().isoformat(),
    )

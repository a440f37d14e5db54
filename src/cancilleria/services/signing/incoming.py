"""Reads the digital signature of a received PDF. Runs in the child process of `kernel.documents.parsing` only.

Refused: JavaScript, launch actions, encryption, executables inside, files that are something else as well, and streams of
objects that would fill the memory of whoever opens them. A signature is valid when the last one covers the
file (only document time stamps and validation data may follow) and leads to an authority the ministry registered.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
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
# What every reader unpacks to find its way: of ten megabytes of a real file, never as much.
MAX_UNPACKED = 32 * 1024 * 1024
# Where the first object begins: before it only comments, as short as those that mark a file as binary.
BEGINS = re.compile(
    rb"%PDF-\d\.\d[ \t]*(?:[\s\x00]|%[^\r\n<]{0,200}[\r\n]){1,40}(?:\d{1,10}\s{1,9}\d{1,5}\s{1,9}obj|xref)"
)
STREAM = re.compile(rb"(?<!end)stream\r?\n")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
FILTERS = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")
ONCE: list[list[bytes]] = [[], [b"/FlateDecode"]]  # not packed, or packed as all programs do


def inspect(data: bytes, given: Mapping[str, object]) -> dict[str, object]:
    """`Inspection.as_json()` of a PDF. `given["roots"]` are DER certificates in base64. Raises Refused."""
    _check_unpacked(data)
    pages = _structure(data)
    _check_alone(data)
    roots = given.get("roots")
    return Inspection(pages, _signature(data, roots if isinstance(roots, list) else [])).as_json()


def _check_alone(data: bytes) -> None:
    """A PDF and nothing else: what is also a page or a package means one thing here and another elsewhere."""
    _, end, tail = data.rpartition(b"%%EOF")
    if BEGINS.match(data) is None or (end and tail.strip(b"\x00 \t\r\n\f\x1a")):
        raise Refused("mixed")


def _check_unpacked(data: bytes) -> None:
    """Measure the streams of objects and of places, packed once as all programs pack them, before any reader unpacks them."""
    left = MAX_UNPACKED
    for found in STREAM.finditer(data):
        start = max(data.rfind(b"obj", max(0, found.start() - 4_096), found.start()), 0)
        head = ESCAPED.sub(lambda escaped: bytes([int(escaped[1], 16)]), data[start : found.start()])
        if b"/ObjStm" not in head and b"/XRef" not in head:
            continue
        filters = FILTERS.findall(head)
        if filters == ONCE[1]:
            left -= _unpacked(data, found.end(), left)
        if filters not in ONCE or left <= 0:
            raise Refused("too_costly")


def _unpacked(data: bytes, at: int, most: int) -> int:
    """How many bytes the stream at this place becomes, `most` when it is that or more. A damaged one counts as far as it goes."""
    reader, size = zlib.decompressobj(), 0
    try:
        while size < most and not reader.eof and at < len(data):
            part, at = data[at : at + 4_096], at + 4_096
            while part and size < most:
                size += len(reader.decompress(part, 1_048_576))
                part = reader.unconsumed_tail
    except zlib.error:
        return size
    return size


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

"""Archive renewal (PAdES B-LTA, ETSI EN 319 142-1, 5.5): validation data and a further time stamp before the last one expires.

The data must be complete: without a revocation list for each certificate nothing is written, because a file that says it
will last, and does not, is worse than one that says nothing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.pades import (
    DIGEST,
    ROOM_TO_MEASURE,
    STAMP_FIELD,
    TOKENS,
    SignedDocument,
    StampFailed,
    contents_size,
    stamper_of,
)
from cancilleria.services.signing.pki import Identity, der


class CannotRenew(RuntimeError):
    """The validation data are not complete, or the document does not hold; the message says which. Nothing was written."""


@dataclass
class Archive:
    """Renews documents under one time-stamp authority, with the present revocation lists."""

    stamps: Identity
    roots: Sequence[x509.Certificate]
    lists: Sequence[bytes]
    _size: dict[str, int] = field(default_factory=dict)

    def renew(self, document: SignedDocument) -> SignedDocument:
        """The document with validation data and an archive time stamp after it. Raises CannotRenew, StampFailed."""
        for _ in range(TOKENS):  # until a token fills the room of the last: see LocalTimeStamps
            room = self._size.get("stamp")
            try:
                renewed = self._append(document, 2 * room if room else ROOM_TO_MEASURE)
            except SigningError:
                self._size.clear()
                continue
            if (found := contents_size(renewed)) == room:
                verify_revisions(renewed, self.roots)
                return SignedDocument(renewed)
            self._size["stamp"] = found
        raise StampFailed("the time-stamp authority answers with tokens of ever other sizes")

    def _append(self, document: SignedDocument, room: int) -> bytes:
        data = document.data
        number = len(PdfFileReader(io.BytesIO(data)).embedded_timestamp_signatures) + 1
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        self._add_validation_data(data, writer)
        stamper = signers.PdfTimeStamper(stamper_of(self.stamps), field_name=f"{STAMP_FIELD}{number}")
        return bytes(stamper.timestamp_pdf(writer, DIGEST, bytes_reserved=room).getbuffer())

    def _add_validation_data(self, data: bytes, writer: IncrementalPdfFileWriter) -> None:
        reader = PdfFileReader(io.BytesIO(data))
        signature, stamps = reader.embedded_regular_signatures[0], reader.embedded_timestamp_signatures
        if not stamps:
            raise CannotRenew("el documento no lleva todavía un sello de tiempo")
        context = self._context()
        try:
            checked = validate_pdf_timestamp(stamps[-1], validation_context=context, skip_diff=True)
            first = validate_pdf_signature(
                signature, signer_validation_context=context, ts_validation_context=context, skip_diff=True
            )
        except Exception as error:  # pyHanko tells a missing list and a broken signature by many classes
            raise CannotRenew(str(error)) from error
        if not (checked.trusted and checked.validation_path and first.trusted and first.validation_path):
            raise CannotRenew("faltan listas de revocación vigentes, o un certificado está revocado")
        for found, path in ((signature, first.validation_path), (stamps[-1], checked.validation_path)):
            DocumentSecurityStore.supply_dss_in_writer(
                writer, found.pkcs7_content.hex().encode(), paths=(path,), validation_context=context
            )

    def _context(self) -> ValidationContext:
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(der(root)) for root in self.roots],
            crls=[asn1_crl.CertificateList.load(found) for found in self.lists],
            allow_fetching=False,
            revocation_mode="require",
        )


def last_expiry(data: bytes, roots: Sequence[x509.Certificate]) -> datetime | None:
    """Until when the last time stamp's certificate holds; None for a document without one. Raises Refused."""
    signed = verify_revisions(data, roots)
    return signed[-1].certificate.not_valid_after_utc if len(signed) > 1 else None

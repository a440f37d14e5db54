"""Archive renewal: the document outlives the certificates of its stamps, and nothing is written on incomplete data."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from cancilleria.services.signing import pki
from cancilleria.services.signing.archive import Archive, CannotRenew, last_expiry
from cancilleria.services.signing.evidence import NOT_VALID, VALID, verify_file
from cancilleria.services.signing.pack.make import make_pack
from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.pades import LocalTimeStamps, SignedDocument
from cancilleria.services.signing.tests.invented import ministry

NOW = datetime.now(UTC) + timedelta(hours=1)  # keys are made after this line, on a slow machine long after


def lists(*revoked: pki.Identity) -> list[bytes]:
    at = pki.now() - timedelta(minutes=1)
    return [pki.make_crl(ministry().root, [one.certificate for one in revoked], at=at).public_bytes(Encoding.DER)]


def stamper(days: int) -> pki.Identity:
    return pki.make_signer(
        "Sello de tiempo", organisation="Utopia", title="", country="UT", above=ministry().root, at=pki.now(),
        time_stamping=True, days=days,
    )  # fmt: skip


def archive(days: int = 4000) -> Archive:
    return Archive(stamper(days), ministry().trust.roots, lists())


def test_a_renewed_document_outlives_the_certificate_of_its_first_stamp() -> None:
    made = ministry()
    brief = LocalTimeStamps(stamper(days=1)).append(SignedDocument(made.signed))
    assert verify_file(brief.data, made.trust, NOW + timedelta(days=2)).result == NOT_VALID
    renewed = archive().renew(brief)
    assert verify_file(renewed.data, made.trust, NOW + timedelta(days=2)).result == VALID
    assert renewed.data.startswith(brief.data)
    assert brief.data.startswith(made.signed)
    expiry = last_expiry(renewed.data, made.trust.roots)
    assert expiry is not None
    assert expiry > NOW + timedelta(days=3000)


def test_each_renewal_adds_one_stamp_and_what_validates_the_earlier_ones() -> None:
    made, keeper, document = ministry(), archive(), SignedDocument(ministry().stamped)
    for stamps in (2, 3):
        before, document = document, keeper.renew(document)
        assert document.data.startswith(before.data)
        assert len(verify_revisions(document.data, made.trust.roots)) == stamps + 1
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(document.data)))
    assert (len(list(store.crls)), len(store.vri_entries)) == (1, 3)
    report = verify_file(document.data, made.trust)
    assert (report.result, report.stamped_at) == (VALID, verify_file(made.stamped, made.trust).stamped_at)
    assert make_pack(document.data, made.trust_file, lists=lists())


@pytest.mark.parametrize("missing", ["list", "good"])
def test_without_a_list_or_with_a_revoked_certificate_nothing_is_written(missing: str) -> None:
    keeper = archive()
    keeper.lists = [] if missing == "list" else lists(ministry().stamper)
    with pytest.raises(CannotRenew):
        keeper.renew(SignedDocument(ministry().stamped))


def test_a_document_without_a_stamp_is_not_renewed() -> None:
    with pytest.raises(CannotRenew, match="sello de tiempo"):
        archive().renew(SignedDocument(ministry().signed))


def test_no_changed_bit_of_a_renewed_document_passes() -> None:
    made, data = ministry(), archive().renew(SignedDocument(ministry().stamped)).data
    step = len(data) * 8 // 200
    flips = (bytearray(data) for _ in range(200))
    passed = []
    for number, changed in enumerate(flips):
        bit = number * step + number % 8
        changed[bit // 8] ^= 1 << bit % 8
        if verify_file(bytes(changed), made.trust).exit_code == 0:
            passed.append(bit)
    assert passed == []

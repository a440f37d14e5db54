"""Verification of an issued document: what holds, and that no changed bit passes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cancilleria.services.signing import evidence, pki
from cancilleria.services.signing.evidence import ISSUER_UNKNOWN, NOT_VALID, UNREADABLE, VALID, verify_file
from cancilleria.services.signing.tests.invented import ministry
from cancilleria.services.signing.trust import BadTrustList, parse


def test_a_signed_document_is_valid_and_tells_its_act() -> None:
    report = verify_file(ministry().signed, ministry().trust)
    assert (report.result, report.reason, report.exit_code) == (VALID, "", 0)
    assert report.act["number"] == 7
    assert report.public["signed_by"] == "ROSA INVENTADA QUISPE"
    assert report.proof is not None
    assert (report.proof.index, report.proof.size, report.proof.witnessed) == (1, 3, True)
    assert report.stamped_at is None


def test_a_time_stamp_is_appended_and_the_signed_file_stays_its_beginning() -> None:
    made = ministry()
    assert made.stamped.startswith(made.signed)
    report = verify_file(made.stamped, made.trust)
    assert report.result == VALID
    assert report.stamped_at is not None


@pytest.mark.parametrize("which", ["signed", "stamped"])
def test_no_changed_bit_passes(which: str) -> None:
    data = getattr(ministry(), which)
    chance = random.Random(20261123)
    passed = []
    for _ in range(300):
        bit = chance.randrange(len(data) * 8)
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        if verify_file(bytes(changed), ministry().trust).exit_code == 0:
            passed.append(bit)
    assert passed == []


def test_no_changed_bit_of_the_signature_itself_passes() -> None:
    data = ministry().signed
    start = data.rindex(b"/Contents <") + 11
    chance = random.Random(7)
    passed = []
    for _ in range(500):
        bit = start * 8 + chance.randrange((data.index(b">", start) - start) * 8)
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        if verify_file(bytes(changed), ministry().trust).exit_code == 0:
            passed.append(bit)
    assert passed == []


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF", b"\x00"])
def test_bytes_after_the_end_are_refused(tail: bytes) -> None:
    assert verify_file(ministry().signed + tail, ministry().trust).result == NOT_VALID


def test_an_authority_outside_the_list_is_an_unknown_issuer() -> None:
    other = pki.make_authority("Otra", country="UT", at=pki.now())
    report = verify_file(ministry().signed, replace(ministry().trust, roots=(other.certificate,)))
    assert (report.result, report.exit_code) == (ISSUER_UNKNOWN, 1)


def test_a_log_outside_the_list_is_not_believed() -> None:
    report = verify_file(ministry().signed, replace(ministry().trust, logs=()))
    assert report.result == NOT_VALID


def test_without_its_witness_the_report_says_so() -> None:
    report = verify_file(ministry().signed, replace(ministry().trust, witnesses=()))
    assert report.result == VALID
    assert report.proof is not None
    assert report.proof.witnessed is False


@pytest.mark.parametrize("data", [b"", b"hola", b"\x89PNG\r\n"])
def test_what_is_not_a_pdf_is_unreadable(data: bytes) -> None:
    assert (verify_file(data, ministry().trust).result, evidence.EXIT[UNREADABLE]) == (UNREADABLE, 2)


def test_a_trust_list_reads_back_and_a_changed_one_is_refused() -> None:
    made = ministry()
    assert parse(made.trust_file) == made.trust
    with pytest.raises(BadTrustList):
        parse(made.trust_file.replace(b'"quorum": 1', b'"quorum": 0'))

"""Visible digital seals: what others published is read and verified; ours go round; no changed byte verifies."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.services.seals import c40, layouts, vds
from cancilleria.services.seals.errors import ParseError
from cancilleria.services.seals.tests import specimens

SEED = 20261125
P256 = ec.generate_private_key(ec.SECP256R1())
CURVES = [ec.SECP256R1(), ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.SECP224R1(), ec.BrainpoolP512R1()]
HEADER = vds.Header("UTO", "UTCE", "1A2B3C4D", date(2026, 11, 23), date(2026, 11, 24), 0xCA, 0x02)

letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4)
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
octets = st.integers(0, 255)
headers = st.builds(
    vds.Header, country=st.sampled_from(["UTO", "D", "PE"]), signer=letters, issued_on=days, signed_on=days,
    certificate=st.text(c40.ALPHABET[1:], min_size=1, max_size=40), definition=octets, category=octets,
)  # fmt: skip
older = st.builds(
    vds.Header, country=st.just("UTO"), signer=letters, issued_on=days, signed_on=days, definition=octets,
    category=octets, certificate=st.text(c40.ALPHABET[1:], min_size=5, max_size=5), version=st.just(vds.V3),
)  # fmt: skip
features = st.lists(st.tuples(st.integers(0, 254), st.binary(max_size=300)), min_size=1, max_size=5)


@given(st.text(c40.ALPHABET))
def test_c40_goes_round(text: str) -> None:
    assert c40.decode(c40.encode(text)) == text
    assert len(c40.encode(text)) == c40.size(len(text))


def test_c40_packs_as_the_guideline_shows() -> None:
    assert c40.encode("BSI01") == bytes.fromhex("62d719c9")
    assert c40.encode("D  ") == bytes.fromhex("6abc")
    with pytest.raises(ValueError, match="ñ"):
        c40.encode("ñ")


def test_dates_are_packed_as_the_guideline_shows() -> None:
    assert vds.encode_date(date(1957, 3, 25)) == bytes.fromhex("319ef5")
    assert vds.decode_date(bytes.fromhex("0f7134"), "") == date(2020, 1, 1)


@given(headers | older, features)
def test_a_seal_goes_round(header: vds.Header, found: list[vds.Feature]) -> None:
    data = vds.sign(header, found, P256)
    seal = vds.decode(data)
    assert (seal.header, list(seal.features)) == (header, found)
    assert vds.verify(seal, P256.public_key())


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_each_curve_signs_and_verifies_and_no_other_key_does(curve: ec.EllipticCurve) -> None:
    key, other = ec.generate_private_key(curve), ec.generate_private_key(curve)
    seal = vds.decode(vds.sign(HEADER, [(1, b"x")], key))
    assert len(seal.signature) == 2 * ((curve.key_size + 7) // 8)
    assert vds.verify(seal, key.public_key())
    assert not vds.verify(seal, other.public_key())


def test_no_changed_byte_verifies() -> None:
    data = vds.sign(HEADER, [(1, b"ROSA INVENTADA"), (6, vds.encode_date(date(2026, 11, 23)))], P256)
    chance, passed = random.Random(SEED), []
    print(f"seed {SEED}")
    for at in range(len(data)):
        for value in {data[at] ^ 1, data[at] ^ 0x80, chance.randrange(256)} - {data[at]}:
            try:
                seal = vds.decode(data[:at] + bytes((value,)) + data[at + 1 :])
            except ParseError:
                continue
            if vds.verify(seal, P256.public_key()):
                passed.append((at, value))
    assert passed == []


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: vds.unsigned(HEADER, [(1, b"x")]) + tail))
def test_reading_raises_nothing_but_its_own_error(data: bytes) -> None:
    with suppress(ParseError):
        layouts.read(vds.decode(data))


def test_a_cut_or_prolonged_seal_is_refused_and_told_where() -> None:
    data = vds.sign(HEADER, [(1, b"x")], P256)
    for size in range(len(data)):
        with pytest.raises(ParseError):
            vds.decode(data[:size])
    with pytest.raises(ParseError, match="firma: sobran bytes"):
        vds.decode(data + b"\0")


def test_the_published_visa_is_read() -> None:
    seal = vds.decode(specimens.VISA)
    assert (seal.header.country, seal.header.signer, seal.header.certificate) == ("D", "DETS", "32")
    assert (seal.header.issued_on, seal.header.signed_on) == (date(2020, 1, 1), date(2021, 12, 3))
    assert layouts.read(seal) == {
        "mrz": "VCD<<DENT<<ARTHUR<PHILIP<<<<<<<<<<<<\n1234567XY7GBR5203116M2005250",
        "stay": "160-0-0", "passport": "47110815P",
    }  # fmt: skip
    assert len(seal.signature) == 56


def test_the_published_seal_of_version_3_is_read() -> None:
    seal = vds.decode(specimens.ARRIVAL)
    assert (seal.header.version, seal.header.reference) == (vds.V3, "DETS00027")
    assert dict(seal.features)[3] == c40.encode("160113000085")


@pytest.mark.parametrize("data", [specimens.RESIDENCE, specimens.EMERGENCY], ids=["residence", "emergency"])
def test_a_brainpool_seal_of_others_verifies_and_a_changed_one_does_not(data: bytes) -> None:
    seal = vds.decode(data)
    assert seal.header.reference == "UTTS5B"
    assert vds.verify(seal, specimens.UTTS5B)
    changed = bytearray(data)
    changed[30] ^= 1
    assert not vds.verify(vds.decode(bytes(changed)), specimens.UTTS5B)


def test_the_published_seals_are_written_again_byte_by_byte() -> None:
    for data in (specimens.VISA, specimens.ARRIVAL, specimens.RESIDENCE, specimens.EMERGENCY):
        seal = vds.decode(data)
        assert vds.unsigned(seal.header, seal.features) == seal.signed


def test_the_emergency_travel_document_tells_its_zone() -> None:
    found = layouts.read(vds.decode(specimens.EMERGENCY))
    assert found["mrz"] == "I<GBRSUPAMANN<<MARY<<<<<<<<<<<<<<<<<\n6525845096USA7008038M2201018<<<<<<06"


def test_a_visa_of_ours_carries_its_zone_and_its_stay() -> None:
    zone = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F9612109"
    header = vds.Header("UTO", "UTCE", "01", date(2026, 1, 2), date(2026, 1, 2), *layouts.VISA)
    data = vds.sign(header, [(1, layouts.zone(zone)), layouts.stay(days=90), (5, c40.encode("L898902C3"))], P256)
    assert layouts.read(vds.decode(data)) == {"mrz": zone, "stay": "90-0-0", "passport": "L898902C3"}

"""Canonical form, leaves, notes, receipts and codes: exact bytes, and what is not them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.register import codes, leaf, merkle, receipt
from cancilleria.kernel.register.canonical import NotCanonical, decode, encode
from cancilleria.kernel.register.note import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteError,
    Signer,
    VerifierKey,
    with_signatures,
)

VECTORS = json.loads((Path(__file__).parent / "vectors_v1.json").read_text(encoding="utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcxyz_", min_size=1), inner),
)


@given(VALUES)
def test_a_canonical_form_is_read_back_and_is_the_only_one(value: object) -> None:
    data = encode(value)
    assert encode(decode(data)) == data
    with pytest.raises(NotCanonical):
        decode(data + b" ")


@pytest.mark.parametrize("value", [1.5, None, 2**53, {"ñ": 1}, {1: 1}, b"x", "\ud800", {"a": [float("nan")]}])
def test_a_value_without_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


def test_marks_are_composed_before_hashing() -> None:
    assert encode("n\u0303") == encode("ñ") == '"ñ"'.encode()


@pytest.mark.parametrize("vector", VECTORS["leaves"], ids=lambda v: v["name"])
def test_leaves_of_version_1_keep_their_bytes(vector: dict[str, object]) -> None:
    parts = [
        leaf.Part(name, encode(vector[name]), bytes.fromhex(str(vector["salts"][name])))  # type: ignore[index]
        for name in ("public", "facts", "private")
    ]
    given_head = dict(vector["head"])  # type: ignore[call-overload]
    for name in ("performed_at", "recorded_at"):
        given_head[name] = datetime.fromisoformat(given_head[name]).astimezone(UTC)
    head = leaf.Head(**given_head)
    if vector["open"]:
        data = leaf.open_leaf(head, *parts)
    else:
        hidden = leaf.head_part(head, *parts, bytes.fromhex(str(vector["salts"]["head"])))  # type: ignore[index]
        data = leaf.opaque_leaf(hidden)
    assert data.decode() == vector["leaf"]
    assert merkle.leaf_hash(data).hex() == vector["leaf_hash"]


def test_a_note_is_read_back_and_its_signatures_hold() -> None:
    signer = Signer("log.example", KEY)
    signed = signer.sign(str(Checkpoint("log.example", 3, bytes(32))))
    cosigned = with_signatures(signed, [Signer("w.example", KEY).cosign(signed.text, time=1_700_000_000)])
    read = Note.parse(str(cosigned))
    assert read == cosigned
    assert read.verified_by(signer.verifier()) == 0
    assert read.verified_by(Signer("w.example", KEY).verifier(COSIGNATURE)) == 1_700_000_000
    assert read.verified_by(Signer("other.example", KEY).verifier()) is None
    assert VerifierKey.parse(str(signer.verifier())) == signer.verifier()


@pytest.mark.parametrize("text", ["", "x", "x\n\n", "x\n\n— a b\n", "x\n\n— a AAAAAA==", "x\n\n- a AAAAAAAA\n", "\n\n— a AAAAAAAA\n",
                                  "x\r\n\n— a AAAAAAAA\n", "x\n\n— a+b AAAAAAAA\n"])  # fmt: skip
def test_what_is_not_a_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(text)


@pytest.mark.parametrize("text", ["a\n1\n", f"a\n01\n{'A' * 43}=\n", f"a\n-1\n{'A' * 43}=\n", "a\n1\nAAAA\n", f"\n1\n{'A' * 43}=\n",
                                  f"a\n٣\n{'A' * 43}=\n"])  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_a_receipt_is_read_back_and_any_changed_byte_is_refused() -> None:
    signer = Signer("log.example", KEY)
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(5)]
    head = signer.sign(str(Checkpoint("log.example", 5, merkle.root(hashes))))
    proof = tuple(merkle.inclusion_proof(3, 5, merkle.node_of(hashes)))
    data = bytes(receipt.Receipt(3, proof, head))
    assert bytes(receipt.parse(data)) == data
    verified = receipt.verify(data, hashes[3], logs=[signer.verifier()])
    assert (verified.index, verified.size, verified.witnesses) == (3, 5, ())
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(merkle.ProofError):
            receipt.verify(changed, hashes[3], logs=[signer.verifier()])


@given(st.uuids())
def test_a_code_survives_how_people_type_it(subject: object) -> None:
    code = codes.code_for("secret", purpose="test", version=1, subject=str(subject))
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.normalise(typed) == code
    assert codes.matches(typed, code)


@given(st.uuids(), st.integers(0, 12), st.integers(1, 31))
def test_one_wrong_character_is_found_by_the_check(subject: object, place: int, shift: int) -> None:
    code = codes.code_for("secret", purpose="test", version=1, subject=str(subject)).replace("-", "")
    wrong = codes.ALPHABET[(codes.ALPHABET.index(code[place]) + shift) % 32]
    assert codes.normalise(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "x", "0" * 40, "0000-0000-0000-01", "ñandú", "\x00" * 14])
def test_what_is_not_a_code_is_none(typed: str) -> None:
    assert codes.normalise(typed) is None

"""The log's side: canonical values, commitments, inclusion proofs, checkpoints and cosignatures (RFC 9162, C2SP)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cancilleria.services.signing.pack.refused import Refused, must

PLAIN, COSIGNATURE = 1, 4
HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Key:
    """A public key of a log or a witness, with its name and its kind."""

    name: str
    kind: int
    public: bytes

    @property
    def number(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


@dataclass(frozen=True)
class Proof:
    """A proof that holds: place in the log, checkpoint, and who saw it."""

    origin: str
    index: int
    size: int
    note: str
    witnesses: tuple[str, ...]
    lines: tuple[str, ...]


def key_of(text: str) -> Key:
    """`name+id+base64`, its id checked."""
    name, number, material = (*text.split("+", 2), "", "")[:3]
    found = unbase64(material)
    must(len(found) == 33, "trust")
    key = Key(name, found[0], found[1:])
    must(key.kind in (PLAIN, COSIGNATURE) and key.number.hex() == number, "trust")
    return key


def unbase64(text: str) -> bytes:
    """Standard base64, in its one canonical form."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("damaged") from error
    must(base64.b64encode(found).decode() == text, "damaged")
    return found


def canonical(value: object) -> bytes:
    """The one byte form of a value (RFC 8785 without floats)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decoded(data: bytes) -> dict[str, object]:
    """The object these canonical bytes say. Raises Refused for any other form of it."""
    try:
        value = json.loads(data)
        same = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise Refused("act") from error
    must(isinstance(value, dict) and same, "act")
    must(unicodedata.is_normalized("NFC", data.decode()), "act")
    found: dict[str, object] = value
    return found


def commitment(name: str, salt: bytes, data: bytes) -> str:
    """How a leaf commits to a part of its act."""
    must(len(salt) == 16, "public")
    return hashlib.sha256(f"cancilleria/v1/{name}".encode() + b"\x00" + salt + data).hexdigest()


def verify_proof(data: bytes, leaf: bytes, logs: Sequence[Key], witnesses: Sequence[Key]) -> Proof:
    """A C2SP tlog-proof of this leaf, under a known log. Raises Refused."""
    head, separator, note = data.decode().partition("\n\n")
    lines = head.split("\n")
    must(separator and lines[0] == HEADER and len(lines) <= 66, "proof")
    del lines[: 2 if lines[1].startswith("extra ") else 1]
    must(lines[0].startswith("index "), "proof")
    index, hashes = _number(lines[0][6:]), [unbase64(line) for line in lines[1:]]
    text, signatures = split_note(note)
    origin, count, root = text.split("\n")[:3]
    size = _number(count)
    must(any(key.name == origin and _signed_by(key, text, signatures) for key in logs), "log")
    _check_inclusion(index, size, hashlib.sha256(b"\x00" + leaf).digest(), hashes, unbase64(root))
    seen = [key for key in witnesses if _signed_by(key, text, signatures)]
    rows = [
        line for line in note.partition("\n\n")[2].split("\n") if any(line.startswith(f"— {k.name} ") for k in seen)
    ]
    return Proof(origin, index, size, note, tuple(key.name for key in seen), tuple(rows))


def split_note(note: str) -> tuple[str, Mapping[tuple[str, bytes], bytes]]:
    """A signed note's text and its signatures by name and key."""
    body, separator, tail = note.rpartition("\n\n")
    must(separator and tail.endswith("\n"), "proof")
    found: dict[tuple[str, bytes], bytes] = {}
    for line in tail[:-1].split("\n"):
        dash, name, encoded = (*line.split(" "), "", "")[:3]
        material = unbase64(encoded)
        must(dash == "—" and name and line.count(" ") == 2 and len(material) > 4, "proof")
        must((name, material[:4]) not in found, "proof")
        found[(name, material[:4])] = material[4:]
    return body + "\n", found


def verify_signature(key: Key, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _signed_by(key: Key, text: str, signatures: Mapping[tuple[str, bytes], bytes]) -> bool:
    value = signatures.get((key.name, key.number))
    if value is None:
        return False
    if key.kind == PLAIN:
        return verify_signature(key, text.encode(), value)
    if len(value) != 72:
        return False
    message = f"cosignature/v1\ntime {struct.unpack('>Q', value[:8])[0]}\n{text}".encode()
    return verify_signature(key, message, value[8:])


def _number(text: str) -> int:
    must(len(text) <= 20 and text.isascii() and text.isdigit() and str(int(text)) == text, "proof")
    return int(text)


def _check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2."""
    must(index < size and all(len(found) == 32 for found in (root, *proof)), "proof")
    at, last, computed = index, size - 1, leaf
    for sibling in proof:
        must(last, "proof")
        if at & 1 or at == last:
            computed = hashlib.sha256(b"\x01" + sibling + computed).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            computed = hashlib.sha256(b"\x01" + computed + sibling).digest()
        at, last = at >> 1, last >> 1
    must(last == 0 and computed == root, "proof")

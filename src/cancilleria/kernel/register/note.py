"""Signed notes, checkpoints and cosignatures of C2SP (signed-note, tlog-checkpoint, tlog-cosignature/v1), with Ed25519.

A note is text, an empty line, and signature lines `— <name> <base64(key id || signature)>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PLAIN, COSIGNATURE = 0x01, 0x04
DASH = "— "
MAX_NOTE_BYTES = 64 * 1024
MAX_DIGITS = 20  # of a number of leaves


class NoteError(ValueError):
    """The text is not a note, or lacks a signature that was demanded."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name: `<name>+<key id in hex>+<base64(type || key)>`."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of SHA-256(name, newline, type, key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Raises NoteError unless the text is a key whose id matches."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteError("not a verifier key")
        material = _decode(parts[2])
        if len(material) != 33 or material[0] not in (PLAIN, COSIGNATURE):
            raise NoteError("unknown kind of key")
        key = cls(parts[0], material[0], material[1:])
        if not _is_name(key.name) or key.key_id.hex() != parts[1]:
            raise NoteError("the key's id does not match its name and bytes")
        return key


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """`text` ends with a newline; signatures of unknown keys are kept and never trusted."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, text: str) -> Note:
        """Raises NoteError unless the text is exactly one note."""
        if len(text.encode()) > MAX_NOTE_BYTES or any(ord(c) < 0x20 and c != "\n" for c in text):
            raise NoteError("not a note")
        body, separator, tail = text.rpartition("\n\n")
        if not separator or not body or not tail.endswith("\n"):
            raise NoteError("a note has text, an empty line and signatures")
        return cls(body + "\n", tuple(_parse_line(line) for line in tail[:-1].split("\n")))

    def verified_by(self, key: VerifierKey) -> int | None:
        """None if `key` did not validly sign this note; else the time of its cosignature, 0 for a plain signature."""
        for signature in self.signatures:
            if (signature.name, signature.key_id) == (key.name, key.key_id):
                return _verify(key, self.text, signature.value)
        return None


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: origin, number of leaves, root hash."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The first three lines of a note's text; later lines are extensions. Raises NoteError."""
        lines = text.split("\n")
        number = len(lines) > 1 and len(lines[1]) <= MAX_DIGITS and lines[1].isascii() and lines[1].isdigit()
        if len(lines) < 4 or not lines[0] or not number:
            raise NoteError("not a checkpoint")
        if str(int(lines[1])) != lines[1] or any(not line for line in lines[3:-1]):
            raise NoteError("not a checkpoint")
        root = _decode(lines[2])
        if len(root) != 32:
            raise NoteError("the root has not 32 bytes")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True)
class Signer:
    """A private key with the name under which it signs."""

    name: str
    key: Ed25519PrivateKey

    def verifier(self, kind: int = PLAIN) -> VerifierKey:
        return VerifierKey(self.name, kind, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Note:
        """A note with one plain signature."""
        return Note(text, (Signature(self.name, self.verifier().key_id, self.key.sign(text.encode())),))

    def cosign(self, text: str, *, time: int) -> Signature:
        """A cosignature/v1 at `time` (seconds since 1970) over a checkpoint's text."""
        value = struct.pack(">Q", time) + self.key.sign(_cosigned(text, time))
        return Signature(self.name, self.verifier(COSIGNATURE).key_id, value)


def with_signatures(note: Note, more: Iterable[Signature]) -> Note:
    """The note with further signatures, each key once."""
    present = {(s.name, s.key_id) for s in note.signatures}
    return Note(note.text, (*note.signatures, *(s for s in more if (s.name, s.key_id) not in present)))


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _verify(key: VerifierKey, text: str, value: bytes) -> int | None:
    message, time, signature = text.encode(), 0, value
    if key.kind == COSIGNATURE:
        if len(value) != 72:
            return None
        (time,), signature = struct.unpack(">Q", value[:8]), value[8:]
        message = _cosigned(text, time)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return None
    return time


def _parse_line(line: str) -> Signature:
    name, separator, encoded = line.removeprefix(DASH).partition(" ")
    material = _decode(encoded)
    if not line.startswith(DASH) or not separator or not _is_name(name) or len(material) < 5:
        raise NoteError("not a signature line")
    return Signature(name, material[:4], material[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def _decode(text: str) -> bytes:
    try:
        material = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    if base64.b64encode(material).decode() != text:
        raise NoteError("not canonical base64")
    return material

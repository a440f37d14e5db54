"""Signed notes again: text, signatures, and whose each one is (C2SP signed-note, tlog-checkpoint, tlog-cosignature/v1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS, NOBODY = "log", "witness", "nobody"
NOTE = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)")


@dataclass(frozen=True)
class Note:
    """A head as it is written, with its signature lines."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """Raw Ed25519 keys of one log and, by name, of its witnesses. `witnesses` None: their words are not judged."""

    origin: str
    log: Sequence[bytes]
    witnesses: Mapping[str, Sequence[bytes]] | None

    def judge(self, text: str, line: str) -> tuple[str, bool]:
        """Whose signature a line claims to be, and whether it holds over `text`."""
        name, encoded = line.removeprefix("— ").rstrip("\n").split(" ")
        material = _exact(encoded)
        for public in self.log if name == self.origin else ():
            if material[:4] == _key_id(name, b"\x01", public):
                return LOG, _holds(public, material[4:], text.encode())
        for public in (self.witnesses or {}).get(name, ()):
            if material[:4] == _key_id(name, b"\x04", public):
                moment, signature = int.from_bytes(material[4:12], "big"), material[12:]
                return WITNESS, _holds(public, signature, f"cosignature/v1\ntime {moment}\n{text}".encode())
        return NOBODY, False


def parse(data: bytes) -> Note | None:
    """None unless the bytes are exactly one signed head."""
    try:
        found = NOTE.fullmatch(data.decode())
    except UnicodeDecodeError:
        return None
    if found is None or len(root := _exact(found[3])) != 32:
        return None
    text = f"{found[1]}\n{found[2]}\n{found[3]}\n"
    return Note(text, found[1], int(found[2]), root, tuple(found[4].splitlines(keepends=True)))


def signer_of(line: str) -> str:
    """The name a signature line gives."""
    return line.removeprefix("— ").split(" ")[0]


def _key_id(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _exact(text: str) -> bytes:
    """The bytes of canonical base64; nothing of any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""

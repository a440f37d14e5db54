"""Receipts: C2SP tlog-proof, everything needed to prove offline that a leaf is in a log and who saw it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from cancilleria.kernel.register.merkle import ProofError, verify_inclusion
from cancilleria.kernel.register.note import Checkpoint, Note, NoteError, VerifierKey

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
MAX_DIGITS = 20


@dataclass(frozen=True)
class Receipt:
    index: int
    proof: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    def __bytes__(self) -> bytes:
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {_encode(self.extra)}")
        lines += [f"index {self.index}", *map(_encode, self.proof), "", str(self.checkpoint)]
        return "\n".join(lines).encode()


@dataclass(frozen=True)
class Verified:
    """What a receipt proves: the leaf is number `index` of the log `origin` at `size`; these witnesses saw that head."""

    origin: str
    index: int
    size: int
    root: bytes
    witnesses: tuple[str, ...]
    witnessed: bool


def parse(data: bytes) -> Receipt:
    """Raises ProofError on anything that is not exactly one receipt."""
    try:
        head, separator, note = data.decode().partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != HEADER:
            raise ProofError("not a receipt")
        extra = _decode(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
        if not lines or not lines[0].startswith("index "):
            raise ProofError("the receipt has no index")
        index = _number(lines.pop(0)[6:])
        if len(lines) > MAX_HASHES:
            raise ProofError("the receipt is too long")
        return Receipt(index, tuple(map(_decode, lines)), Note.parse(note), extra)
    except (UnicodeDecodeError, NoteError) as error:
        raise ProofError(f"not a receipt: {error}") from error


def verify(
    data: bytes,
    leaf_hash: bytes,
    *,
    logs: Sequence[VerifierKey],
    witnesses: Sequence[VerifierKey] = (),
    quorum: int = 0,
) -> Verified:
    """Check proof, log signature and cosignatures. Raises ProofError unless the leaf is in a log of `logs`.

    Without enough witnesses the result says `witnessed=False`: the leaf is proved against the log's own word only.
    """
    receipt = parse(data)
    try:
        head = Checkpoint.parse(receipt.checkpoint.text)
    except NoteError as error:
        raise ProofError(str(error)) from error
    if not any(key.name == head.origin and receipt.checkpoint.verified_by(key) is not None for key in logs):
        raise ProofError("the checkpoint is not signed by a known log")
    verify_inclusion(receipt.index, head.size, leaf_hash, receipt.proof, head.root)
    seen = tuple(key.name for key in witnesses if receipt.checkpoint.verified_by(key) is not None)
    return Verified(head.origin, receipt.index, head.size, head.root, seen, bool(quorum) and len(seen) >= quorum)


def _number(text: str) -> int:
    if len(text) > MAX_DIGITS or not text.isascii() or not text.isdigit() or str(int(text)) != text:
        raise ProofError("not a number")
    return int(text)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:  # letters that are not ASCII raise another one than what is not base64
        raise ProofError("not base64") from error
    if _encode(data) != text:
        raise ProofError("not canonical base64")
    return data

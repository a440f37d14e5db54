"""What the log holds of an entry, version 1 (DECISIONS 1, 2 and 6). Golden vectors: tests/vectors_v1.json.

An open leaf shows verb, organ, number and times, and commits to three parts. An opaque leaf is one commitment to all of
that. A part is committed as SHA-256(tag || 128-bit salt || canonical bytes): without its salt it cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cancilleria.kernel.register.canonical import encode

VERSION, ALGORITHM = 1, "sha256"
SALT_BYTES = 16
PUBLIC, FACTS, PRIVATE, HEAD = "public", "facts", "private", "head"


@dataclass(frozen=True)
class Part:
    """Canonical bytes with the salt that hides them."""

    name: str
    data: bytes
    salt: bytes

    def commitment(self) -> str:
        return commit(self.name, self.salt, self.data)


@dataclass(frozen=True)
class Head:
    """What identifies an act: in the leaf itself if the verb is open, inside one commitment if opaque."""

    verb: str
    organ: str
    performed_at: datetime
    recorded_at: datetime
    zone: str
    book: str | None = None
    year: int | None = None
    number: int | None = None
    relation: str | None = None
    target: str | None = None  # leaf hash of the earlier entry, in hex

    def fields(self) -> dict[str, object]:
        found: dict[str, object] = {
            "verb": self.verb,
            "organ": self.organ,
            "performed_at": instant(self.performed_at),
            "recorded_at": instant(self.recorded_at),
            "zone": self.zone,
        }
        if self.book is not None and self.year is not None and self.number is not None:
            found |= {"book": self.book, "year": self.year, "number": self.number}
        if self.relation is not None and self.target is not None:
            found["relation"] = {"kind": self.relation, "leaf": self.target}
        return found


def commit(name: str, salt: bytes, data: bytes) -> str:
    """Hex SHA-256 of tag, salt and bytes. Raises ValueError for a salt that has not 16 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    tag = f"cancilleria/v{VERSION}/{name}".encode() + b"\x00"
    return hashlib.sha256(tag + salt + data).hexdigest()


def opens(commitment: str, part: Part) -> bool:
    """Whether this part with this salt is what was committed."""
    return hmac.compare_digest(commitment, part.commitment())


def open_leaf(head: Head, public: Part, facts: Part, private: Part) -> bytes:
    """The leaf of an open verb."""
    return encode({"v": VERSION, "alg": ALGORITHM, **head.fields(), **_commitments(public, facts, private)})


def head_part(head: Head, public: Part, facts: Part, private: Part, salt: bytes) -> Part:
    """What the leaf of an opaque verb commits to."""
    return Part(HEAD, encode({**head.fields(), **_commitments(public, facts, private)}), salt)


def opaque_leaf(head: Part) -> bytes:
    """The leaf of an opaque verb."""
    return encode({"v": VERSION, "alg": ALGORITHM, "commitment": head.commitment()})


def instant(at: datetime) -> str:
    """UTC with microseconds and Z, always the same length. Raises ValueError for a time without zone."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _commitments(public: Part, facts: Part, private: Part) -> Mapping[str, str]:
    return {"public_c": public.commitment(), "facts_c": facts.commitment(), "private_c": private.commitment()}

"""The one byte form of a value (RFC 8785 cut down): what is hashed is this, stored once and never re-serialised.

Allowed: objects with ASCII keys, arrays, NFC text, booleans and integers below 2**53. No floats, no null: absent is absent.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence

LIMIT = 2**53


class NotCanonical(ValueError):
    """The value has no canonical form, or the bytes are not one."""


def encode(value: object) -> bytes:
    """Canonical bytes of a value. Raises NotCanonical for floats, null, big integers, other keys than ASCII text."""
    try:
        return json.dumps(_checked(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with half a character") from error
    except RecursionError as error:
        raise NotCanonical("too deep") from error


def decode(data: bytes) -> object:
    """The value of canonical bytes. Raises NotCanonical when the bytes are any other form, however equal in meaning."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not JSON") from error
    if encode(value) != data:
        raise NotCanonical("not the canonical form")
    return value


def _checked(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= LIMIT:
            raise NotCanonical(f"{value} does not fit in 53 bits")
        return value
    if isinstance(value, Mapping):
        return {_key(key): _checked(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_checked(item) for item in value]
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"{key!r} is not an ASCII key")
    return key

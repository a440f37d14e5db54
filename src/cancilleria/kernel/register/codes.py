"""Codes that people type: Crockford base32, 13 characters (65 bits) and a check character."""

from __future__ import annotations

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK = ALPHABET + "*~$=U"  # Crockford's 37 check symbols
LENGTH = 13
CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def code_for(secret: str, *, purpose: str, version: int, subject: str) -> str:
    """The code of `subject` for `purpose`: HMAC-SHA-256, never stored, grouped as XXXX-XXXX-XXXX-XX."""
    digest = hmac.new(secret.encode(), f"{purpose}/{version}/{subject}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:9], "big") >> 7
    body = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(LENGTH)))
    return grouped(body + check_character(body))


def check_character(body: str) -> str:
    """Crockford's check symbol: the value modulo 37. Finds any wrong character and any swap of neighbours."""
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    return CHECK[value % 37]


def normalise(typed: str) -> str | None:
    """The code as issued, from whatever a person typed; None when it cannot be one (length, symbol or check)."""
    text = typed.upper().translate(CONFUSED)[: LENGTH + 2]
    body, check = text[:LENGTH], text[LENGTH:]
    if len(body) != LENGTH or any(character not in ALPHABET for character in body):
        return None
    return grouped(text) if check == check_character(body) else None


def matches(typed: str, expected: str) -> bool:
    """Compare in constant time; a malformed code costs the same as a wrong one."""
    return hmac.compare_digest((normalise(typed) or "").encode(), expected.encode())


def grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))

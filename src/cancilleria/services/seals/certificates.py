"""The seal of a certificate: its ten fields in at most 300 bytes, by a written rule (DECISIONS 29).

The rule. 1: all ten fields go in, the date in three bytes, the others as UTF-8. 2: while they take more than 300 bytes, or
one text more than 127, the longest text loses its last character; the first of the longest, in the order of the fields;
what was cut ends in «…». The number is never cut. 3: where a text would be left with fewer than 12 characters, the seal carries number, date and
the SHA-256 of the ten fields instead. Whoever compares seal and paper needs nothing else to know what to expect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from cancilleria.services.seals.layouts import CERTIFICATE_FIELDS
from cancilleria.services.seals.vds import Feature, encode_date

ROOM, SHORTEST, CUT = 300, 12, "…"
HEAD, LONGEST = 2, 127  # tag and length take two bytes while the text takes fewer than 128
DIGEST = 11
TEXTS = {field.name: field.tag for field in CERTIFICATE_FIELDS if field.coding == "text"}
ON = 6


def features(fields: Mapping[str, str], on: date) -> tuple[Feature, ...]:
    """The features of a certificate with these fields (`on` apart, as a date)."""
    texts = cut({name: fields[name] for name in TEXTS})
    if texts is None:
        return ((ON, encode_date(on)), (TEXTS["number"], fields["number"].encode()), (DIGEST, digest(fields, on)))
    found = {TEXTS[name]: text.encode() for name, text in texts.items()} | {ON: encode_date(on)}
    return tuple(sorted(found.items()))


def cut(texts: Mapping[str, str]) -> dict[str, str] | None:
    """The texts shortened by the rule, or None when they cannot be."""
    left = dict(texts)
    while _size(left) > ROOM or any(len(text.encode()) > LONGEST for text in left.values()):
        name = max((n for n in left if n != "number"), key=lambda n: len(left[n].encode()))
        whole = left[name].removesuffix(CUT)[:-1].rstrip()
        if len(whole) < SHORTEST:
            return None
        left[name] = whole + CUT
    return left


def digest(fields: Mapping[str, str], on: date) -> bytes:
    """SHA-256 of the ten fields as JSON with sorted keys, the date as YYYY-MM-DD."""
    whole = {name: fields[name] for name in TEXTS} | {"on": on.isoformat()}
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).digest()


def _size(texts: Mapping[str, str]) -> int:
    return sum(HEAD + len(text.encode()) for text in texts.values()) + HEAD + 3

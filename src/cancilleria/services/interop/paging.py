"""Pages that cost the same at any depth: the next one begins after the last row shown, which the cursor names."""

from __future__ import annotations

import base64
import binascii
import json

MOST = 200
LONGEST = 400


class BadCursor(ValueError):
    """Not a cursor this interface gave."""


def cursor_of(*values: object) -> str:
    """The place of a row, opaque to whoever carries it."""
    data = json.dumps([str(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def place_of(cursor: str, count: int) -> list[str]:
    """The values a cursor was made of. Raises BadCursor."""
    try:
        if len(cursor) > LONGEST:
            raise ValueError(cursor)
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(data)
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadCursor(cursor) from error
    if not isinstance(values, list) or len(values) != count or not all(isinstance(v, str) for v in values):
        raise BadCursor(cursor)
    return values

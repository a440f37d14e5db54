"""What the checker tells, and how it reads columns."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was recorded: `what` kind, `where`, and `why` in words."""

    what: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}: {self.why}"


def raw(value: object) -> bytes:
    """A column of bytes; empty when it is null."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def fields(data: bytes) -> dict[str, object]:
    """A JSON object; empty when it is none."""
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

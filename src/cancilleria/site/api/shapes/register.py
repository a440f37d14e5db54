"""What the public register and its log tell."""

from __future__ import annotations

import uuid
from datetime import datetime

from ninja import Schema


class RegisterEntry(Schema):
    """An open act of the public register. `index` is its place in the log, null for a moment after it is recorded."""

    id: uuid.UUID
    verb: str
    sentence: str
    organ: str
    book: str | None
    year: int | None
    number: int | None
    performed_at: datetime
    recorded_at: datetime
    status: str
    index: int | None
    leaf_hash: str


class CheckpointShape(Schema):
    """The newest head of the log: size, root in hex, and the signed note with its cosignatures (C2SP)."""

    origin: str
    size: int
    root: str
    note: str


class Proof(Schema):
    """The place of a leaf in the log and its receipt (C2SP tlog-proof)."""

    index: int
    leaf_hash: str
    receipt: str


class StatusDays(Schema):
    """Days that have a signed list, the newest first."""

    days: list[str]

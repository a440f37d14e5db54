"""What the interface sends and takes: one shape for each thing it speaks of."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Field, Schema

T = TypeVar("T")


class PageOf(Schema, Generic[T]):
    """Some rows, and the cursor of the next ones: null at the end."""

    items: list[T]
    next: str | None = None


class Procedure(Schema):
    """A procedure as it is offered today."""

    key: str
    code: str
    title: str
    summary: str
    page: str


class ProcedureWhole(Procedure):
    """With what the law says of it."""

    who: str
    where: str
    need: str
    proves: str
    term: str
    fee: str
    silence: str
    legal_basis: str
    source: str
    valid_from: date
    organ: str


class Organ(Schema):
    """An organ of the network."""

    key: str
    code: str
    kind: str
    name: str
    country: str
    city: str
    zone: str
    opens: str
    closes: str
    parent: str | None


class IndicatorShape(Schema):
    """A published figure: its newest period and value. `value` is null when it is hidden or was not reported."""

    key: str
    code: str
    name: str
    unit: str
    period: str
    state: str
    value: str | None
    page: str


class Cell(Schema):
    """A cell of a published table, as it was decided at publication."""

    table: str
    group: str
    name: str
    period: str
    state: str
    value: str | None


class IndicatorWhole(IndicatorShape):
    """With its rule, its seal and its cells."""

    periods: list[str]
    rules: list[str]
    log_size: int
    acts_digest: str
    published_at: datetime
    cells: list[Cell]


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


class TrackCase(Schema):
    """Number and secret code, as on the receipt."""

    number: str = Field(max_length=40)
    code: str = Field(max_length=40)


class TrackedCase(Schema):
    """Where a case is: nothing about the person."""

    number: str
    procedure: str
    title: str
    organ: str
    state: str
    outcome: str
    filed_on: date
    due_on: date


class CaseLine(Schema):
    """A case as the tray shows it."""

    id: uuid.UUID
    number: str
    procedure: str
    organ: str
    state: str
    outcome: str
    filed_at: datetime
    due_on: date
    revision: int


class Document(Schema):
    """A document of a case, with the digest of its newest version."""

    field: str
    title: str
    sha256: str


class CaseWhole(CaseLine):
    """With who asked, what they answered, their documents, and the acts that are lawful now for this token."""

    applicant: str
    answers: dict[str, str]
    documents: list[Document]
    acts: list[str]


class Perform(Schema):
    """An act of `acts`: `seen` is the revision it was decided on, `given` what its form asks."""

    act: str = Field(max_length=40)
    seen: int = Field(ge=0, le=2_147_483_647)
    given: dict[str, str | list[str]] = {}

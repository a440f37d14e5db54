"""What is told of cases, and what is sent to follow one or to act in it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from ninja import Field, Schema


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

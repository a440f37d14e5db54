"""What the catalogue tells: procedures, organs, published figures; and a page of anything."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Schema

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

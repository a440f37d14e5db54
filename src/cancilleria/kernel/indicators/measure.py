"""What a figure counts, once it is read: acts of one verb under a condition on their facts. Values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | bool


@dataclass(frozen=True)
class Compare:
    """`fact sign value`."""

    fact: str
    sign: str
    value: Value


@dataclass(frozen=True)
class OneOf:
    """`fact in (values)`."""

    fact: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Not:
    """The contrary; of what is unknown, unknown."""

    part: Condition


@dataclass(frozen=True)
class All:
    """Every part."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Any_:
    """At least one part."""

    parts: tuple[Condition, ...]


Condition = Compare | OneOf | Not | All | Any_


@dataclass(frozen=True)
class Measure:
    """`fact` is what a sum adds up, empty when acts are counted."""

    kind: str
    verb: str
    fact: str = ""
    where: Condition | None = None

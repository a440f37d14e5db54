"""Measures as SQL over entries `e`, values always as parameters. The only place where a figure becomes a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cancilleria.kernel.indicators.measure import All, Any_, Compare, Condition, Measure, Not, OneOf, Value

Params = list[Any]
# An act counts until a later one annuls or corrects it; a correction counts itself.
ENDS = "('annuls', 'rectifies')"


@dataclass(frozen=True)
class Query:
    """A piece of SQL with its parameters in order."""

    text: str
    params: Params


def matches(measure: Measure) -> Query:
    """Whether entry `e` is an act the measure speaks of."""
    query = Query("e.verb = %s", [measure.verb])
    if measure.fact:
        query = Query(f"{query.text} AND e.facts ->> %s IS NOT NULL", [*query.params, measure.fact])
    if measure.where is None:
        return query
    where = _condition(measure.where)
    return Query(f"{query.text} AND ({where.text})", [*query.params, *where.params])


def amount(measure: Measure) -> Query:
    """What entry `e` adds: one, or its fact."""
    return Query("(e.facts ->> %s)::bigint", [measure.fact]) if measure.fact else Query("1::bigint", [])


def place(dimensions: tuple[str, ...], zone: str) -> Query:
    """Columns `organ`, `month`, `dims` of entry `e`: the month is that of the performance, in the ministry's zone."""
    pairs = ", ".join("%s::text, e.facts -> %s" for _ in dimensions)
    dims = f"jsonb_build_object({pairs})" if dimensions else "'{}'::jsonb"
    names = [name for dimension in dimensions for name in (dimension, dimension)]
    return Query(
        f"e.organ AS organ, date_trunc('month', e.performed_at AT TIME ZONE %s)::date AS month, {dims} AS dims",
        [zone, *names],
    )


def _condition(found: Condition) -> Query:
    match found:
        case Compare(fact, sign, value):
            left = _fact(fact, value)
            return Query(f"{left.text} {'<>' if sign == '!=' else sign} %s", [*left.params, value])
        case OneOf(fact, values):
            left = _fact(fact, values[0])
            return Query(f"{left.text} = ANY(%s)", [*left.params, list(values)])
        case Not(part):
            inner = _condition(part)
            return Query(f"NOT ({inner.text})", inner.params)
        case All(parts):
            return _joined(" AND ", parts)
        case Any_(parts):
            return _joined(" OR ", parts)


def _joined(word: str, parts: tuple[Condition, ...]) -> Query:
    found = [_condition(part) for part in parts]
    return Query(word.join(f"({q.text})" for q in found), [p for q in found for p in q.params])


def _fact(name: str, value: Value) -> Query:
    cast = "boolean" if isinstance(value, bool) else "bigint" if isinstance(value, int) else "text"
    return Query(f"(e.facts ->> %s)::{cast}", [name])

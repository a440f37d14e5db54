"""Which acts a rule counts: in the log below a size, or now with what the log has not taken yet."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.sql import ENDS, Query, amount, matches, place
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.doors import log_origin


@dataclass(frozen=True)
class Scope:
    """Where and when: organs (None for all), months from `start` to before `end`, and values of dimensions."""

    start: date | None = None
    end: date | None = None
    organs: tuple[str, ...] | None = None
    dims: tuple[tuple[str, object], ...] = field(default=())


def standing(as_of: int | None) -> Query:
    """Whether entry `e` counts: it is in the log below `as_of` and nothing below it ended it; now, in the register."""
    if as_of is None:
        return Query(f"NOT EXISTS (SELECT FROM register_entry f WHERE f.target_id = e.id AND f.relation IN {ENDS})", [])
    inside = "SELECT FROM register_leaf {0}l WHERE {0}l.entry_id = {0}.id AND {0}l.origin = %s AND {0}l.index < %s"
    return Query(
        f"EXISTS ({inside.format('e')}) AND NOT EXISTS (SELECT FROM register_entry f "
        f"WHERE f.target_id = e.id AND f.relation IN {ENDS} AND EXISTS ({inside.format('f')}))",
        [log_origin(), as_of, log_origin(), as_of],
    )


def within(scope: Scope) -> Query:
    """Conditions on the columns organ, month and dims."""
    parts: list[tuple[str, Any]] = []
    if scope.start is not None:
        parts.append(("month >= %s", scope.start))
    if scope.end is not None:
        parts.append(("month < %s", scope.end))
    if scope.organs is not None:
        parts.append(("organ = ANY(%s)", list(scope.organs)))
    text = " AND ".join(["true", *(part for part, _ in parts)])
    params = [value for _, value in parts]
    for name, value in scope.dims:
        text += " AND dims ->> %s = %s" if value is not None else " AND dims -> %s = 'null'::jsonb"
        params += [name, str(value)] if value is not None else [name]
    return Query(text, params)


def acts(rule: Rule, scope: Scope, *, as_of: int | None = None, after: uuid.UUID | None = None, limit: int | None = None
         ) -> list[tuple[uuid.UUID, int]]:  # fmt: skip
    """The acts behind a figure, as entry id and what each adds, in the order of ids; a page of `limit` after one."""
    match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, civil_zone())
    stands, inside = standing(as_of), within(scope)
    text = f"""
    SELECT id, adds FROM (
        SELECT e.id, {adds.text} AS adds, {where.text} FROM register_entry e WHERE {match.text} AND {stands.text}
    ) found WHERE {inside.text} AND (%s::uuid IS NULL OR id > %s) ORDER BY id LIMIT %s
    """
    params = [*adds.params, *where.params, *match.params, *stands.params, *inside.params, after, after, limit]
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [(row[0], int(row[1])) for row in cursor.fetchall()]


def place_of(rule: Rule, entry: uuid.UUID) -> tuple[str, date, dict[str, object], int] | None:
    """The cell an entry moves now: organ, month, dimensions, what it adds; None when it moves none."""
    match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, civil_zone())
    stands = standing(None)
    text = f"SELECT {where.text}, {adds.text} FROM register_entry e WHERE e.id = %s AND {match.text} AND {stands.text}"
    with connection.cursor() as cursor:
        cursor.execute(text, [*where.params, *adds.params, entry, *match.params, *stands.params])
        row = cursor.fetchone()
    return (row[0], row[1], as_object(row[2]), int(row[3])) if row else None


def digest(lists: Iterable[Sequence[tuple[uuid.UUID, int]]]) -> str:
    """SHA-256 over the ids of each list, sorted, with its length before it: what a closed figure is sealed with."""
    total = hashlib.sha256()
    for found in lists:
        total.update(len(found).to_bytes(8, "big"))
        for entry, _ in sorted(found):
            total.update(entry.bytes)
    return total.hexdigest()


def as_object(value: object) -> dict[str, object]:
    """A JSON object as the driver gives it: text on a raw cursor of Django."""
    found = json.loads(value) if isinstance(value, str) else value
    return dict(found) if isinstance(found, dict) else {}

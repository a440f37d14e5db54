"""Moves the counters along the log. The log has every entry once, in one order, with no late commits: it is the queue."""

from __future__ import annotations

from django.db import connection, transaction

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.models import Cursor
from cancilleria.kernel.indicators.sql import ENDS, amount, matches, place
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.doors import log_origin

LOCK = 0x666F6C64  # "fold"
BATCH = 50_000
SIZE = "SELECT coalesce(max(index) + 1, 0) FROM register_leaf WHERE origin = %s"


def fold(rules: list[Rule], *, batch: int = BATCH) -> int:
    """Bring each rule's cells forward by at most `batch` leaves; returns how many leaves were read. One at a time.

    Each rule moves in one transaction with its cursor: killed at any moment, it goes on where it was.
    """
    read = 0
    for rule in rules:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held, _ = Cursor.objects.get_or_create(rule=rule.key, defaults={"text": rule.text})
            cursor.execute(SIZE, [log_origin()])
            until = min(int(cursor.fetchone()[0]), held.size + batch)
            if until > held.size:
                _move(rule, held.size, until)
                Cursor.objects.filter(pk=rule.key).update(size=until)
                read += until - held.size
    return read


def _move(rule: Rule, start: int, until: int) -> None:
    """Add what began to count between two sizes of the log, take away what ceased to."""
    match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, civil_zone())
    text = f"""
    WITH fresh AS (SELECT entry_id, index FROM register_leaf WHERE origin = %s AND index >= %s AND index < %s),
    moved AS (
        SELECT {where.text}, 1 AS sign, {adds.text} AS adds
        FROM fresh JOIN register_entry e ON e.id = fresh.entry_id
        WHERE {match.text} AND NOT EXISTS (
            SELECT FROM register_entry f JOIN register_leaf fl ON fl.entry_id = f.id
            WHERE f.target_id = e.id AND f.relation IN {ENDS} AND fl.index < fresh.index)
        UNION ALL
        SELECT {where.text}, -1, -{adds.text}
        FROM fresh JOIN register_entry f ON f.id = fresh.entry_id AND f.relation IN {ENDS}
        JOIN register_entry e ON e.id = f.target_id
        JOIN register_leaf el ON el.entry_id = e.id AND el.index < fresh.index
        WHERE {match.text}
    )
    INSERT INTO indicators_cell AS c (rule, organ, month, dims, n, total)
    SELECT %s, organ, month, dims, sum(sign), sum(adds) FROM moved GROUP BY organ, month, dims
    ON CONFLICT (rule, month, organ, dims) DO UPDATE SET n = c.n + excluded.n, total = c.total + excluded.total
    """
    side = [*where.params, *adds.params]
    with connection.cursor() as cursor:
        cursor.execute(text, [log_origin(), start, until, *side, *match.params, *side, *match.params, rule.key])

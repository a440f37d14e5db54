"""Moves the counters along the log. The log has every entry once, in one order, with no late commits: it is the queue."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.models import Cursor
from cancilleria.kernel.indicators.sql import ENDS, amount, matches, place
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.doors import log_origin

LOCK = 0x666F6C64  # "fold"
BATCH = 50_000
SIZE = "SELECT coalesce(max(index) + 1, 0) FROM register_leaf WHERE origin = %s"


# What a stretch of the log changes: acts that begin to count, and folded ones that cease to.
TAKE = f"""
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
WITH taken AS (SELECT entry_id, index FROM register_leaf WHERE origin = %s AND index >= %s AND index < %s)
SELECT 1 AS sign, e.verb, e.organ, e.performed_at, e.facts FROM taken JOIN register_entry e ON e.id = taken.entry_id
WHERE NOT EXISTS (
    SELECT FROM register_entry f JOIN register_leaf fl ON fl.entry_id = f.id
    WHERE f.target_id = e.id AND f.relation IN {ENDS} AND fl.index < taken.index)
UNION ALL
SELECT -1, e.verb, e.organ, e.performed_at, e.facts
FROM taken JOIN register_entry f ON f.id = taken.entry_id AND f.relation IN {ENDS}
JOIN register_entry e ON e.id = f.target_id
JOIN register_leaf el ON el.entry_id = e.id AND el.index < taken.index
"""


def fold(rules: list[Rule], *, batch: int = BATCH) -> int:
    """Bring each rule's cells forward by at most `batch` leaves; returns how many leaves were read. One at a time.

    Rules that are equally far move together, in one transaction with their positions: killed at any moment, they go on
    where they were. A new rule starts at the first leaf.
    """
    read = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(SIZE, [log_origin()])
        size = int(cursor.fetchone()[0])
        for start, group in _by_position(rules).items():
            until = min(size, start + batch)
            if until > start:
                _move(group, start, until)
                Cursor.objects.filter(pk__in=[rule.key for rule in group]).update(size=until)
                read += until - start
    return read


def _by_position(rules: list[Rule]) -> dict[int, list[Rule]]:
    Cursor.objects.bulk_create([Cursor(rule=rule.key, text=rule.text) for rule in rules], ignore_conflicts=True)
    held = dict(Cursor.objects.filter(pk__in=[rule.key for rule in rules]).values_list("rule", "size"))
    groups: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[held[rule.key]].append(rule)
    return groups


def _move(rules: list[Rule], start: int, until: int) -> None:
    """Add what began to count between two sizes of the log, take away what ceased to."""
    zone = civil_zone()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fresh")
        cursor.execute(TAKE, [log_origin(), start, until])
        cursor.execute("CREATE INDEX ON fresh (verb)")
        cursor.execute("ANALYZE fresh")
        for rule in rules:
            match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, zone)
            text = f"""
            INSERT INTO indicators_cell AS c (rule, organ, month, dims, n, total)
            SELECT %s, organ, month, dims, sum(sign), sum(sign * adds)
            FROM (SELECT {where.text}, sign, {adds.text} AS adds FROM fresh e WHERE {match.text}) moved
            GROUP BY organ, month, dims
            ON CONFLICT (rule, month, organ, dims) DO UPDATE SET n = c.n + excluded.n, total = c.total + excluded.total
            """
            cursor.execute(text, [rule.key, *where.params, *adds.params, *match.params])

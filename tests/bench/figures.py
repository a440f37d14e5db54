"""The plan's report from folded cells against counting the acts again, at five million acts; the fold against recounting."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from django.db import connection, transaction
from tests.bench.logins import signed_in
from tests.bench.rows import Row

from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import Rule, rule
from cancilleria.kernel.indicators.fold import fold
from cancilleria.kernel.indicators.queries import by_place, report
from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.site.composition import log_folder
from cancilleria.site.log import signer

ACTS, ORGANS, MONTHS, INDICATORS = int(os.environ.get("ACTS", "5000000")), 100, 36, 40
VERBS = ("case.decided", "case.admitted", "case.noted", "case.ready", "case.closed")
Report = list[dict[tuple[str, date], tuple[int, int]]]
SCOPE = Scope(date(2024, 1, 1), date(2027, 1, 1))

# Acts as they are stored, without the bytes of their proofs, which no figure reads.
FILL = """
INSERT INTO register_entry (id, origin, v, alg, verb, organ, actor, performed_at, recorded_at, zone, classification, leaf,
    leaf_hash, public_part, public_salt, facts_part, facts_salt, public, facts, subjects)
SELECT gen_random_uuid(), %s, 1, 'bench', ('{case.decided,case.admitted,case.noted,case.ready,case.closed}'::text[])[1 + n %% 5], 'organ:bench-' || (n %% %s), 'x', at, at, 'UTC', 'publico', '', '',
    '', '', '', '', '{}', jsonb_build_object('procedure', 'p' || (n %% %s), 'outcome',
        CASE WHEN n %% 7 = 0 THEN 'denied' ELSE 'granted' END, 'days', n %% 9, 'in_term', n %% 9 < 4), '{}'
FROM (SELECT n, %s::timestamptz + (n %% 1096) * interval '1 day' AS at FROM generate_series(1, %s) n) numbers
"""
LOG = """
INSERT INTO register_leaf (origin, index, entry_id, leaf_hash)
SELECT %s, %s + row_number() OVER () - 1, id, '' FROM register_entry WHERE alg = 'bench'
"""


def rows() -> Iterator[Row]:
    rules = [
        rule(f'count(case.decided where procedure = "p{n}" and outcome = "denied")', ()) for n in range(INDICATORS)
    ]
    with signed_in("worker"):
        _sequence()
        start = _fill()
        folding = _seconds(lambda: _fold_all(rules))
    yield Row(
        f"fold of {INDICATORS} rules over {ACTS:,} acts", INDICATORS * ACTS / folding, None, "acts/s", "printed", True
    )
    from_cells, told = _timed(lambda: list(report(rules, SCOPE).values()))
    size = start + ACTS
    again, recounted = _timed(lambda: [by_place(found, SCOPE, as_of=size) for found in rules[:4]])
    recounting = again * INDICATORS / 4  # four of forty are counted again, and stand for the rest
    yield Row(
        f"plan report, {INDICATORS} x {ORGANS} organs x {MONTHS} months", 1 / from_cells, 1 / recounting, "reports/s",
        ">= 40 x recounting", recounting / from_cells >= 40,
    )  # fmt: skip
    same = told[:4] == recounted
    yield Row("fold equals recounting (1: exactly)", float(same), None, "", "1", same)


def _sequence() -> None:
    """What other parts of the bench recorded takes its place in the log first, as a worker would have had it."""
    sequencer = Sequencer(signer(), log_folder(), (), ())
    sequencer.start()
    while sequencer.step():
        pass


def _fill() -> int:
    """Acts and their places in the log, behind those that are there; returns how many those are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM register_leaf WHERE origin = %s", [log_origin()])
        start = int(cursor.fetchone()[0])
        cursor.execute(FILL, [log_origin(), ORGANS, INDICATORS, datetime(2024, 1, 1, 12, tzinfo=UTC), ACTS])
        cursor.execute(LOG, [log_origin(), start])
    return start


def _fold_all(rules: list[Rule]) -> None:
    while fold(rules, batch=ACTS):
        pass


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _timed(work: Callable[[], Report]) -> tuple[float, Report]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found

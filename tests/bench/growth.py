"""What one act costs when ten thousand, and ten million, stand before it: each step of its life at growing sizes.

GROWTH is the last size (10,000,000 by hand, less in CI); CHART names a file for the drawing.
"""

from __future__ import annotations

import os
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction
from tests.bench.chart import drawn
from tests.bench.log import any_tile, proof_milliseconds
from tests.bench.logins import signed_in
from tests.bench.rows import Row

from cancilleria.kernel.cases.verbs import CASE_SUBMITTED, OfVersion
from cancilleria.kernel.register import merkle, tiles
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import Entry
from cancilleria.site.older import older

FIRST, MOST = 10_000, int(os.environ.get("GROWTH", "10000000"))
CHART = os.environ.get("CHART", "")
# A tree grows with the logarithm of its leaves: these have a limit instead, in microseconds.
LOGARITHMIC = {"its share of a batch of the log": 10, "its proof, cold": 1_000}
STEP, TURNS, BATCH, PERSONS = 1_000_000, 200, 1_000, 10
# Acts of a hundred books, each of a person who has ten; bytes of the size real ones have, which no step reads.
FILL = """
INSERT INTO register_entry (id, origin, v, alg, verb, organ, actor, book, year, number, performed_at, recorded_at, zone,
    classification, leaf, leaf_hash, public_part, public_salt, facts_part, facts_salt, public, facts, subjects)
SELECT gen_random_uuid(), 'bench', 1, 'growth', 'case.submitted', 'organ:growth-' || n %% 100, 'x', 'case', 2026, 1 + n / 100,
    at, at, 'UTC', 'publico', decode(repeat('00', 150), 'hex'), decode(repeat('00', 32), 'hex'), '{}', '', '{}', '', '{}',
    '{"procedure": "bench", "version": 1}', ARRAY['person:growth-' || n / %s]
FROM (SELECT n, %s::timestamptz + n * interval '1 second' AS at FROM generate_series(%s::bigint, %s::bigint - 1) n) numbers
"""


def rows() -> Iterator[Row]:
    size = 0
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for wanted in _sizes():
        while size < wanted:
            upto = min(size + STEP, wanted)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(FILL, [PERSONS, datetime(2026, 1, 1, tzinfo=UTC), size, upto])
            size = upto
        with signed_in("owner"), connection.cursor() as cursor:
            # What autovacuum does in a living database, only sooner.
            cursor.execute("VACUUM ANALYZE register_entry")
        for name, took in _steps(size).items():
            found[name].append((size, took))
            first, most = found[name][0][1], LOGARITHMIC.get(name)
            target = f"<= {most:,}" if most else "flat (<= 2 x first)"
            yield Row(f"{name}, after {size:,} acts", took, first, "µs", target, took <= (most or 2 * first))
    if CHART:
        told = drawn(
            "What one act costs, by the acts before it", found, across="acts in the register", up="microseconds"
        )
        Path(CHART).write_text(told, encoding="utf-8")


def _sizes() -> list[int]:
    found = [FIRST]
    while found[-1] * 10 <= MOST:
        found.append(found[-1] * 10)
    return found


def _steps(size: int) -> dict[str, float]:
    """Microseconds of each step of an act's life, the median of many."""
    numbers = [1 + turn * (size // 100) // TURNS for turn in range(TURNS)]
    persons = [turn * (size // PERSONS) // TURNS for turn in range(TURNS)]
    return {
        "recording": _median(_record),
        "found by number": _median(lambda: Entry.objects.get(
            organ="organ:growth-7", book="case", year=2026, number=numbers.pop())),
        "the acts of a person": _median(lambda: list(
            Entry.objects.filter(subjects__contains=[f"person:growth-{persons.pop()}"]).order_by("-recorded_at"))),
        "a page of the register, anywhere": _median(lambda: older(
            Entry.objects.select_related("log_leaf"), str(uuid.uuid4()))),
        "its share of a batch of the log": _append(size),
        "its proof, cold": 1000 * proof_milliseconds(size),
    }  # fmt: skip


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        took.append(1e6 * (time.perf_counter() - began))
    return statistics.median(took)


def _record() -> None:
    with transaction.atomic():
        record(
            CASE_SUBMITTED, organ="organ:growth-now", zone="UTC", actor="public", facts=OfVersion(procedure="bench", version=1),
            private={"answers": {"name": "Carla"}}, subjects=["person:growth-now"],
        )  # fmt: skip


def _append(size: int) -> float:
    """A thousand entries behind `size` others: hashes, tiles and root, without the disk. Microseconds of one."""
    leaves = [b"%0150d" % n for n in range(BATCH)]
    began = time.perf_counter()
    made = tiles.append(any_tile, size, [merkle.leaf_hash(leaf) for leaf in leaves])
    merkle.root_at(tiles.node_from(tiles.overlay(made, any_tile), size + BATCH), size + BATCH)
    return 1e6 * (time.perf_counter() - began) / BATCH

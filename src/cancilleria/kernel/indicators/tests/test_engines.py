"""Three engines, one answer: PostgreSQL by our SQL, DuckDB and Polars by formulas written again for each."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl
import pytest
from django.db import connection
from psycopg.types.json import Jsonb

from cancilleria.kernel.indicators import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import rule
from cancilleria.kernel.testing.cast import HEADQUARTERS, on_stage

pytestmark = pytest.mark.django_db
ACTS = 50_000
ORGANS = (HEADQUARTERS, "organ:branch-abroad", "organ:friday")
NOON, LIMA = datetime(2024, 1, 1, 12, tzinfo=UTC), timedelta(hours=-5)
COLUMNS = (
    "id, origin, v, alg, verb, organ, actor, performed_at, recorded_at, zone, relation, target_id, classification, leaf, "
    "leaf_hash, public_part, public_salt, facts_part, facts_salt, public, facts, subjects"
)


def synthetic(seed: int) -> list[dict[str, object]]:
    """Decisions of three offices over three years; some annulled, some without how many days they took."""
    chance, acts = random.Random(seed), list[dict[str, object]]()
    for _ in range(ACTS):
        days = chance.choice([None, 0, 1, 2, 5, 9])
        target = chance.choice(acts) if acts and chance.random() < 0.05 else None
        alive = target is not None and target["ended_by"] is None and target["relation"] is None
        act: dict[str, object] = {
            "id": uuid.UUID(int=chance.getrandbits(128)), "organ": chance.choice(ORGANS),
            "at": NOON + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60)), "outcome": chance.choice(["denied", "granted"]),
            "days": days, "in_term": None if days is None else days < 3, "ended_by": None,
            "relation": "annuls" if alive else None, "target": target["id"] if alive and target else None,
        }  # fmt: skip
        if alive and target:
            target["ended_by"] = act["id"]
        acts.append(act)
    return acts


def copy_in(acts: list[dict[str, object]]) -> None:

    with connection.cursor() as cursor, cursor.copy(f"COPY register_entry ({COLUMNS}) FROM STDIN") as copy:
        for act in acts:
            # An annulment is an act of another verb: it counts nowhere.
            verb = "case.decided" if act["relation"] is None else "case.closed"
            facts = {"procedure": "x", "outcome": act["outcome"], "days": act["days"], "in_term": act["in_term"]}
            copy.write_row((
                act["id"], "o", 1, "a", verb, act["organ"], "x", act["at"], act["at"], "UTC", act["relation"],
                act["target"], "publico", b"", b"", b"", b"", b"", b"", Jsonb({}), Jsonb(facts), [],
            ))  # fmt: skip


FORMULAS = {
    'count(case.decided where outcome = "denied")': ("outcome = 'denied'", "1", pl.col("outcome") == "denied", pl.lit(1)),
    "sum(case.decided.days where in_term = true)": ("in_term", "days", pl.col("in_term"), pl.col("days")),
    "count(case.decided where not days > 1)": ("NOT (days > 1)", "1", ~(pl.col("days") > 1), pl.lit(1)),
    'sum(case.decided.days where outcome in ("granted") or days = 9)': (
        "outcome IN ('granted') OR days = 9", "days", pl.col("outcome").is_in(["granted"]) | (pl.col("days") == 9), pl.col("days"),
    ),
}  # fmt: skip


def test_postgresql_duckdb_and_polars_agree_on_fifty_thousand_acts(db: None) -> None:
    acts = synthetic(20261124)
    rows = [
        {"organ": a["organ"], "month": (a["at"] + LIMA).date().replace(day=1), "outcome": a["outcome"], "days": a["days"],  # type: ignore[operator]
         "in_term": a["in_term"]}
        for a in acts if a["relation"] is None and a["ended_by"] is None
    ]  # fmt: skip
    frame = pl.DataFrame(rows)
    with on_stage():
        copy_in(acts)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO register_unsequenced SELECT id FROM register_entry ON CONFLICT DO NOTHING")
        for text, (where, adds, kept, added) in FORMULAS.items():
            ours = queries.by_place(rule(text, ()), Scope())
            in_duck = duckdb.sql(
                f"SELECT organ, month, count(*), sum({adds}) FROM frame WHERE ({where}) AND ({adds}) IS NOT NULL GROUP BY 1, 2"
            ).fetchall()
            assert ours == {(organ, month): (n, int(total)) for organ, month, n, total in in_duck}
            in_polars = (
                frame.filter(kept).with_columns(adds=added).filter(pl.col("adds").is_not_null())
                .group_by("organ", "month").agg(n=pl.len(), total=pl.col("adds").sum())
            )  # fmt: skip
            assert ours == {(r["organ"], r["month"]): (r["n"], r["total"]) for r in in_polars.to_dicts()}
            assert len(ours) > 100

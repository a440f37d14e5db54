"""Clocks that jump: three hours ahead, one back, over a leap day, a year's end, a change of the hour at a post.

Both clocks move together: Python's, by `timezone.now`, and the database's, by a function that stands before its own. JUMPS and
SEED in the environment make it larger, TOLD names a file for what happened (`make drill`).
"""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.cases import steps
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.tests.invented import MOVE, SHOWN
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.kernel.testing.club import NORM
from cancilleria.site.tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]
MOVED = """
CREATE SCHEMA moved;
CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT current_setting('moved.at')::timestamptz $$;
GRANT USAGE ON SCHEMA moved TO PUBLIC
"""
START = datetime(2026, 11, 25, 15, tzinfo=UTC)
# The moments around which something turns: a leap day, years that end in three zones, and hours that come twice or never.
TURNS = {
    "leap day": [datetime(2028, 2, 29, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)],
    "year end": [datetime(2027, 1, 1, hour, tzinfo=UTC) for hour in (5, 0)] + [datetime(2026, 12, 31, hour, tzinfo=UTC) for hour in (22, 23)],
    "daylight saving": [
        datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC), datetime(2027, 10, 28, 21, tzinfo=UTC),
        datetime(2027, 4, 29, 22, tzinfo=UTC),
    ],
}  # fmt: skip
STEPS = {"+ 3 h": timedelta(hours=3), "- 1 h": timedelta(hours=-1)}
HOUR = 3600


@dataclass
class Clock:
    """What time it is, for Python and for the database."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def move(self, to: datetime) -> None:
        self.at = to
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('moved.at', %s, true)", [to.isoformat()])


@pytest.fixture
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cancilleria_owner")
        cursor.execute(MOVED)
        cursor.execute("SET LOCAL ROLE cancilleria_app")
        cursor.execute("SET LOCAL search_path = moved, public, pg_catalog")
    made.move(START)
    monkeypatch.setattr(timezone, "now", made.now)
    return made


def jump(clock: Clock, chance: random.Random) -> str:
    """Somewhere else in time, on a whole microsecond; how it is told."""
    kind = chance.choice([*STEPS, *TURNS])
    near = timedelta(seconds=chance.randint(-HOUR, HOUR))
    clock.move(clock.at + STEPS[kind] if kind in STEPS else chance.choice(TURNS[kind]) + near)
    return kind


def works(organ: Organ, day: date) -> bool:
    """Counted here anew: not a weekend of the post, not a holiday where it is."""
    country = organ.calendar
    return str(day.isoweekday()) not in map(str, organ.weekend) and not (
        country and day in holidays.country_holidays(country, years=day.year)
    )


def due(organ: Organ, at: datetime, days: int) -> date:
    """The day a term of so many working days of a post ends that begins at an instant."""
    local = at.astimezone(ZoneInfo(organ.zone))
    day = local.date() + timedelta(days=1 if local.time() > organ.closes else 0)
    while not works(organ, day):
        day += timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= works(organ, day)
    return day


def acts(clock: Clock, numbers: dict[tuple[str, int], int], capital: str) -> None:
    """One act at each post: its number is the next of its civil year there, whatever the clock did; its term, of its days."""
    for organ in Organ.objects.order_by("key"):
        with transaction.atomic():
            made = record(SHOWN, organ=organ.key, zone=organ.zone, actor="posting:alicia", facts=MOVE(piece="rook"))
        year = clock.at.astimezone(ZoneInfo(organ.zone)).year
        numbers[organ.key, year] = numbers.get((organ.key, year), 0) + 1
        assert (made.year, made.number) == (year, numbers[organ.key, year]), (organ.key, clock.at)
        assert made.recorded_at == clock.at
        for days in (0, 1, 7):
            term = steps.first_term(organ, capital, days, NORM)
            assert term.due_on == due(organ, clock.at, days), (organ.key, clock.at, days)


def test_numbers_follow_and_terms_count_the_posts_days_wherever_the_clock_jumps(
    scene: Stage, clock: Clock, as_worker: AsWorker, caplog: pytest.LogCaptureFixture
) -> None:
    chance, jumps = random.Random(os.environ.get("SEED", "utopia")), int(os.environ.get("JUMPS", "25"))
    told: Counter[str] = Counter()
    numbers: dict[tuple[str, int], int] = {}
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    with caplog.at_level(logging.ERROR, "cancilleria.register"):
        for _ in range(jumps):
            told[jump(clock, chance)] += 1
            acts(clock, numbers, HEADQUARTERS)
            with as_worker():
                scene.sequencer.step()
    alarms = sum("stepped back" in line.message for line in caplog.records)
    assert alarms > 0, "a clock that stepped back raised no alarm"
    key = scene.log.verifier().public
    assert check(origin=scene.log.name, public_keys=[key], folder=scene.sequencer.folder.path, patience=0) == []
    if found := os.environ.get("TOLD"):
        books, many = len(numbers), sum(numbers.values())
        Path(found).write_text(
            f"{jumps} jumps {dict(sorted(told.items()))}: {many} acts in {books} books, every number the next; "
            f"{3 * many} terms end on the post's own day; {alarms} alarms of a clock that went back; "
        )


def test_a_case_filed_in_the_last_minute_of_the_year_is_of_that_year(scene: Stage, clock: Clock) -> None:
    lima = ZoneInfo("America/Lima")
    clock.move(datetime(2026, 12, 31, 23, 59, 59, tzinfo=lima))
    old = scene.submit()
    clock.move(datetime(2027, 1, 1, 0, 0, tzinfo=lima))
    new, following = scene.submit(), scene.submit()
    clock.move(datetime(2026, 12, 31, 23, 58, tzinfo=lima))  # a clock put right
    late = scene.submit()
    found = [(case.entry.year, case.entry.number) for case in (old, new, following, late)]
    assert found == [(2026, 1), (2027, 1), (2027, 2), (2026, 2)]
    assert {case.filed_on for case in (old, late)} == {date(2027, 1, 1)}


def is_in(client: Client) -> bool:
    return client.get("/despacho/").status_code == 200


@pytest.mark.parametrize(
    "jumps", [(timedelta(hours=3), timedelta(hours=-1)), (timedelta(days=400), timedelta(days=-400))]
)
def test_a_session_that_is_over_does_not_revive(scene: Stage, clock: Clock, jumps: tuple[timedelta, timedelta]) -> None:
    client = signed_in(scene.ana.key)
    assert is_in(client)
    for step in (*jumps, -jumps[0]):
        clock.move(clock.at + step)
        assert not is_in(client), step


def test_a_session_of_a_clock_that_was_ahead_ends_when_it_is_put_right(scene: Stage, clock: Clock) -> None:
    clock.move(START + timedelta(hours=3))
    client = signed_in(scene.ana.key)
    assert is_in(client)
    clock.move(START)
    assert not is_in(client)
    clock.move(START + timedelta(hours=3))
    assert not is_in(client)

"""Reads of figures: exact at every moment, because what the fold has not reached yet is added from the register itself."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef

from cancilleria.kernel.indicators import acts as listing
from cancilleria.kernel.indicators.acts import Scope, within
from cancilleria.kernel.indicators.declaration import Indicator, Indicators, Rule, indicators
from cancilleria.kernel.indicators.figures import Figure
from cancilleria.kernel.indicators.late import late_of
from cancilleria.kernel.indicators.models import ManualValue, Target
from cancilleria.kernel.indicators.sql import ENDS, Params, Query, amount, matches, place
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.models import ANNULS, RECTIFIES, Entry

POWER = "desk.indicators"
Place = tuple[str, date]
Counts = tuple[int, int]
Row = tuple[str, date, int, int]


@dataclass(frozen=True)
class Moved:
    """A cell that an act moves: which side of which indicator, where, when, split how, by how much."""

    indicator: str
    side: str
    organ: str
    month: date
    dims: Mapping[str, object]
    adds: int


def by_place(rule: Rule, scope: Scope, *, as_of: int | None = None) -> dict[Place, Counts]:
    """n and total of each organ and month: now, or of the log below a size."""
    if as_of is None:
        return report([rule], scope)[rule.key]
    return _added(_grouped(*_at(rule, as_of), scope))


def report(rules: Sequence[Rule], scope: Scope) -> dict[str, dict[Place, Counts]]:
    """The same of many rules at once, by their keys: cells in one query, then what the fold has not reached."""
    found: dict[str, list[Row]] = {rule.key: [] for rule in rules}
    inside = within(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT rule, organ, month, sum(n), sum(total) FROM indicators_cell
                WHERE rule = ANY(%s) AND {inside.text} GROUP BY rule, organ, month""",
            [list(found), *inside.params],
        )
        for key, organ, month, n, total in cursor.fetchall():
            found[key].append((organ, month, int(n), int(total)))
    for key, rows in _tails(rules, scope).items():
        found[key] += rows
    return {key: _added(rows) for key, rows in found.items()}


def figure(indicator: Indicator, scope: Scope, *, as_of: int | None = None) -> Figure:
    """The figure over a scope. A dimension in the scope narrows numerator and denominator alike."""
    sums = [_sum(by_place(rule, scope, as_of=as_of).values()) for rule in indicator.rules()]
    return figure_of(indicator, sums)


def series(indicator: Indicator, scope: Scope, *, as_of: int | None = None) -> dict[Place, Figure]:
    """The figure of every organ and month of the scope in which something counts."""
    sides = [by_place(rule, scope, as_of=as_of) for rule in indicator.rules()]
    places = sorted({key for side in sides for key in side})
    return {key: figure_of(indicator, [side.get(key, (0, 0)) for side in sides]) for key in places}


def split(indicator: Indicator, scope: Scope, dimension: str) -> dict[str, Counts]:
    """n and total of the numerator by the values of one declared dimension, now."""
    rule, inside = indicator.rules()[0], within(scope)
    text, params = "SELECT organ, month, dims, n, total FROM indicators_cell WHERE rule = %s", [rule.key]
    if (late := late_of([rule])[rule.key]) is not None:
        tail, more = _tail(rule, late, civil_zone())
        text, params = f"{text} UNION ALL {tail}", [*params, *more]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT dims ->> %s, sum(n), sum(total) FROM ({text}) found WHERE {inside.text} GROUP BY 1 HAVING sum(n) <> 0",
            [dimension, *params, *inside.params],
        )
        return {str(row[0] or ""): (int(row[1]), int(row[2])) for row in cursor.fetchall()}


def acts_behind(
    indicator: Indicator, scope: Scope, *, viewer: Viewer, side: int = 0, as_of: int | None = None,
    after: uuid.UUID | None = None, limit: int = 50,
) -> list[tuple[Entry, int]]:  # fmt: skip
    """A page of the acts behind a figure, with what each adds; only of organs whose figures the viewer may open."""
    if not viewer.may(POWER):
        return []
    if f"{POWER}*" not in viewer.powers:
        own = viewer.organ or ""
        scope = (
            Scope(scope.start, scope.end, (own,), scope.dims) if scope.organs in (None, (own,)) else Scope(organs=())
        )
    found = listing.acts(indicator.rules()[side], scope, as_of=as_of, after=after, limit=limit)
    held = Entry.objects.in_bulk([entry for entry, _ in found])
    return [(held[entry], adds) for entry, adds in found]


def cells_of(entry: uuid.UUID, among: Indicators = indicators) -> list[Moved]:
    """Every cell an act moves now: the way back from an act to the figures."""
    moved = []
    for indicator in among:
        for side, rule in zip(("numerator", "denominator"), indicator.rules(), strict=False):
            if (found := listing.place_of(rule, entry)) is not None:
                organ, month, dims, adds = found
                moved.append(Moved(indicator.key, side, organ, month, dims, adds))
    return moved


def target(indicator: Indicator, year: int, organ: str = "") -> Decimal | None:
    found = Target.objects.filter(indicator=indicator.key, organ=organ, year=year).first()
    return found.value if found else None


def manual_values(indicator: Indicator, scope: Scope) -> dict[Place, Decimal]:
    """Values entered by hand, which no act stands behind: whoever shows them says so."""
    found = ManualValue.objects.filter(indicator=indicator.key)
    if scope.start is not None and scope.end is not None:
        found = found.filter(month__gte=scope.start, month__lt=scope.end)
    return {(value.organ, value.month): value.value for value in found}


def not_reported(indicator: Indicator, organs: Sequence[str], months: Sequence[date]) -> set[Place]:
    """Organs and months without an act of the indicator and without a word that there was none: unknown, never zero."""
    known = set(series(indicator, Scope(min(months), None, tuple(organs)))) if months else set()
    known |= said_nothing([indicator.key], organs).get(indicator.key, set())
    return {(organ, month) for organ in organs for month in months} - known


def said_nothing(among: Sequence[str], organs: Sequence[str]) -> dict[str, set[Place]]:
    """For each indicator the organs and months whose officers said that there was nothing; what was annulled is unsaid."""
    said = Entry.objects.filter(
        ~Exists(Entry.objects.filter(target=OuterRef("pk"), relation__in=[ANNULS, RECTIFIES])),
        verb="month.reported", organ__in=list(organs), facts__indicator__in=list(among),
    )  # fmt: skip
    found: dict[str, set[Place]] = defaultdict(set)
    for key, organ, month in said.values_list("facts__indicator", "organ", "facts__month"):
        found[key].add((organ, date.fromisoformat(month)))
    return found


def log_size() -> int:
    """How many entries the log holds now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM register_leaf WHERE origin = %s", [log_origin()])
        return int(cursor.fetchone()[0])


def _grouped(text: str, params: Params, scope: Scope) -> list[Row]:
    inside = within(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organ, month, sum(n), sum(total) FROM ({text}) found WHERE {inside.text} GROUP BY organ, month",
            [*params, *inside.params],
        )
        return [(row[0], row[1], int(row[2]), int(row[3])) for row in cursor.fetchall()]


def _tails(rules: Sequence[Rule], scope: Scope) -> dict[str, list[Row]]:
    """What the fold has not reached, of every rule it may concern, in one query."""
    found: dict[str, list[Row]] = defaultdict(list)
    parts: list[str] = []
    params: Params = []
    inside, zone = within(scope), civil_zone()
    for key, ids in late_of(rules).items():
        if ids is not None:
            rule = next(rule for rule in rules if rule.key == key)
            text, more = _tail(rule, ids, zone)
            parts.append(f"SELECT %s::text AS rule, organ, month, n, total FROM ({text}) tail WHERE {inside.text}")
            params += [key, *more, *inside.params]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rule, organ, month, sum(n), sum(total) FROM ({' UNION ALL '.join(parts)}) found GROUP BY 1, 2, 3",
                params,
            )
            for key, organ, month, n, total in cursor.fetchall():
                found[key].append((organ, month, int(n), int(total)))
    return found


def rows_at(rule: Rule, scope: Scope, as_of: int, dimension: str = "") -> list[Row]:
    """Group, month, n and total of the acts in the log below a size: by organ, or by the values of a dimension."""
    text, params = _at(rule, as_of)
    inside = within(scope)
    group, first = ("dims ->> %s", [dimension]) if dimension else ("organ", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce({group}, ''), month, sum(n), sum(total) FROM ({text}) found WHERE {inside.text} GROUP BY 1, 2",
            [*first, *params, *inside.params],
        )
        return [(row[0], row[1], int(row[2]), int(row[3])) for row in cursor.fetchall()]


def _added(rows: Iterable[Row]) -> dict[Place, Counts]:
    sums: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for organ, month, n, total in rows:
        sums[organ, month][0] += n
        sums[organ, month][1] += total
    return {key: (n, total) for key, (n, total) in sums.items() if n or total}


def _at(rule: Rule, as_of: int) -> tuple[str, Params]:
    """The acts themselves, as they stood in the log below a size."""
    match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, civil_zone())
    stands = listing.standing(as_of)
    text = (
        f"SELECT {where.text}, 1 AS n, {adds.text} AS total FROM register_entry e WHERE {match.text} AND {stands.text}"
    )
    return text, [*where.params, *adds.params, *match.params, *stands.params]


def _tail(rule: Rule, late: Query, zone: str) -> tuple[str, Params]:
    """What the fold has not reached: acts that began to count, and folded ones that ceased to."""
    match, adds, where = matches(rule.measure), amount(rule.measure), place(rule.dimensions, zone)
    text = f"""
    SELECT {where.text}, 1 AS n, {adds.text} AS total FROM register_entry e
    WHERE e.id IN ({late.text}) AND {match.text} AND {listing.standing(None).text}
    UNION ALL
    SELECT {where.text}, -1, -{adds.text} FROM register_entry f JOIN register_entry e ON e.id = f.target_id
    WHERE f.id IN ({late.text}) AND f.relation IN {ENDS} AND {match.text}
        AND NOT EXISTS (SELECT FROM ({late.text}) late WHERE late.entry_id = e.id)
    """
    side = [*where.params, *adds.params]
    return text, [*side, *late.params, *match.params, *side, *late.params, *match.params, *late.params]


def _sum(counts: Iterable[Counts]) -> Counts:
    n = total = 0
    for one, adds in counts:
        n, total = n + one, total + adds
    return n, total


def figure_of(indicator: Indicator, sides: Sequence[Counts]) -> Figure:
    """Numerator and denominator put together."""
    (n, total), *rest = sides
    of_n, of_total = rest[0] if rest else (0, None)
    return Figure(n, total, of_n, of_total, indicator.scale)

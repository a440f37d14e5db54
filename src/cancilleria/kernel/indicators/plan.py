"""A plan as a value: objectives, actions, which figures tell of each, who reports them, what is wanted by year. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

Texts = Mapping[str, str]


class BadPlan(ValueError):
    """The content is not a plan: the message says what is missing or wrong, and where."""


@dataclass(frozen=True)
class Basis:
    """A norm that the plan rests on, as its source tells it. Sources that contradict each other are all kept."""

    name: Texts
    source: str
    quotation: str


@dataclass(frozen=True)
class Measured:
    """An indicator of an action. `reports` names organs, or all of a kind as `kind:embassy`, that must act or say nothing."""

    indicator: str
    reports: tuple[str, ...]
    baseline: Decimal | None
    baseline_source: str
    targets: Mapping[int, Decimal]
    targets_source: str


@dataclass(frozen=True)
class Action:
    """What is done for an objective; `responsible` is an organ."""

    code: str
    name: Texts
    responsible: str
    source: str
    measures: tuple[Measured, ...]


@dataclass(frozen=True)
class Objective:
    """`quotation` holds the words of the source; empty when it only paraphrases."""

    code: str
    name: Texts
    source: str
    quotation: str
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Plan:
    """From `start` to the day `end`. `warnings` say where its sources contradict one another or are silent."""

    key: str
    code: str
    name: Texts
    start: date
    end: date
    basis: tuple[Basis, ...]
    warnings: tuple[Texts, ...]
    objectives: tuple[Objective, ...]

    def actions(self) -> Iterator[Action]:
        for objective in self.objectives:
            yield from objective.actions

    def measures(self) -> Iterator[Measured]:
        for action in self.actions():
            yield from action.measures


def plan_from(found: Mapping[str, object]) -> Plan:
    """Read a plan. Raises BadPlan, also for an indicator that two actions claim."""
    plan = Plan(
        _text(found, "key"), _text(found, "code"), _texts(found), _day(found, "start"), _day(found, "end"),
        tuple(Basis(_texts(row), _text(row, "source"), _text(row, "quotation", "")) for row in _rows(found, "basis")),
        tuple(_texts(row) for row in _rows(found, "warning")),
        tuple(_objective(row) for row in _rows(found, "objective")),
    )  # fmt: skip
    claimed = [measured.indicator for measured in plan.measures()]
    if twice := sorted({key for key in claimed if claimed.count(key) > 1}):
        raise BadPlan(f"{plan.key}: {', '.join(twice)} belongs to two actions")
    return plan


def _objective(row: Mapping[str, object]) -> Objective:
    actions = tuple(
        Action(
            _text(action, "code"), _texts(action), _text(action, "responsible"), _text(action, "source"),
            tuple(_measured(measured) for measured in _rows(action, "measure")),
        )
        for action in _rows(row, "action")
    )  # fmt: skip
    return Objective(_text(row, "code"), _texts(row), _text(row, "source"), _text(row, "quotation", ""), actions)


def _measured(row: Mapping[str, object]) -> Measured:
    targets, reports = row.get("targets", {}), row.get("reports", [])
    if not isinstance(targets, dict) or not isinstance(reports, list):
        raise BadPlan(f"{row.get('indicator')}: targets are a table of years, reports a list of organs")
    return Measured(
        _text(row, "indicator"), tuple(str(organ) for organ in reports),
        _number(row["baseline"]) if "baseline" in row else None, _text(row, "baseline_source", ""),
        {int(year): _number(value) for year, value in targets.items()}, _text(row, "targets_source", ""),
    )  # fmt: skip


def _number(value: object) -> Decimal:
    """Numbers are written as text or whole: a float would not say what was meant."""
    try:
        if isinstance(value, str | int):
            return Decimal(value)
    except InvalidOperation:
        pass
    raise BadPlan(f"{value!r}: write the number between quotes")


def _rows(found: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    rows = found.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadPlan(f"{name} is a list of tables")
    return rows


def _texts(found: Mapping[str, object]) -> Texts:
    return {"es": _text(found, "es"), "en": _text(found, "en")}


def _text(found: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = found.get(name, default)
    if not isinstance(value, str):
        raise BadPlan(f"{name} is missing in {dict(found)!r:.80}")
    return value


def _day(found: Mapping[str, object], name: str) -> date:
    value = found.get(name)
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise BadPlan(f"{name}: {value!r} is no date") from error

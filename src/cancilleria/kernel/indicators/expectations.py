"""Reads of plans: which figures tell of which action, and which organs are expected to report them."""

from __future__ import annotations

from collections.abc import Mapping

from cancilleria.kernel.indicators import models
from cancilleria.kernel.indicators.plan import Plan, plan_from
from cancilleria.kernel.organs.queries import open_organs

KIND = "kind:"


def plans() -> list[Plan]:
    """Every plan loaded, in the order of their keys."""
    return [plan_from(found) for found in models.Plan.objects.order_by("key").values_list("content", flat=True)]


def reporters(found: list[Plan]) -> dict[str, list[str]]:
    """For each indicator of the plans the organs that must act or say nothing each month, by key."""
    wanted = {measured.indicator: measured.reports for plan in found for measured in plan.measures()}
    kinds = _by_kind() if any(report.startswith(KIND) for reports in wanted.values() for report in reports) else {}
    return {
        key: sorted({organ for report in reports for organ in _organs(report, kinds)})
        for key, reports in wanted.items()
    }


def expected(indicator: str) -> list[str]:
    """Organs expected to report one indicator."""
    return reporters(plans()).get(indicator, [])


def _organs(report: str, kinds: Mapping[str, list[str]]) -> list[str]:
    return kinds.get(report.removeprefix(KIND), []) if report.startswith(KIND) else [report]


def _by_kind() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, kind in open_organs().values_list("pk", "kind"):
        found.setdefault(kind, []).append(key)
    return found

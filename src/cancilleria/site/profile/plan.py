"""The plan: objectives, actions, their figures, and what is wanted of each by year."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from cancilleria.kernel.indicators.actions import load_plan, set_target
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.models import Target
from cancilleria.kernel.indicators.plan import BadPlan, Plan, plan_from
from cancilleria.kernel.organs.profile import BadProfile, read_toml
from cancilleria.site.profile.ground import Ground

Content = Mapping[str, object]


def read(folder: Path) -> list[Content]:
    """Plans as they are stored. A ministry without the file has none."""
    path = folder / "plan.toml"
    if not path.exists():
        return []
    found = read_toml(path).get("plan", [])
    contents = [
        json.loads(json.dumps(row, default=date.isoformat)) for row in (found if isinstance(found, list) else [])
    ]
    known = {indicator.key for indicator in indicators}
    try:
        for plan in map(plan_from, contents):
            if strange := sorted({measured.indicator for measured in plan.measures()} - known):
                raise BadProfile(f"{path.name}: nadie declara los indicadores {', '.join(strange)}")
    except BadPlan as error:
        raise BadProfile(f"{path.name}: {error}") from error
    return contents


def bring(found: list[Content], ground: Ground) -> Iterator[str]:
    for content in found:
        if load_plan(actor=ground.actor, content=content) is not None:
            yield f"plan {content['code']}: versión nueva"
        if moved := sum(_targets(plan_from(content), ground)):
            yield f"metas: {moved} cambios"


def _targets(plan: Plan, ground: Ground) -> Iterator[int]:
    held = {(t.indicator, t.year): (t.value, t.source) for t in Target.objects.filter(organ="")}
    for measured in plan.measures():
        for year, value in measured.targets.items():
            if held.get((measured.indicator, year)) != (value, measured.targets_source):
                set_target(
                    actor=ground.actor, indicator=indicators.get(measured.indicator), year=year, value=value,
                    source=measured.targets_source,
                )  # fmt: skip
                yield 1

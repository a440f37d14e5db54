"""Writers of plans and their targets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from cancilleria.kernel.indicators import models, verbs
from cancilleria.kernel.indicators.declaration import Indicator
from cancilleria.kernel.indicators.plan import Plan, plan_from
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record

TEN_THOUSANDTHS = 4


@transaction.atomic
def load_plan(*, actor: Actor, content: Mapping[str, object]) -> Plan | None:
    """Bring a plan to this content. Needs `plan.loaded`. Returns it, or None when nothing changed. Raises BadPlan."""
    require(actor, verbs.PLAN_LOADED.code)
    plan = plan_from(content)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if models.Plan.objects.filter(pk=plan.key, digest=digest).exists():
        return None
    home = Organ.objects.get(pk=ministry().headquarters)
    facts = verbs.Planned(
        plan=plan.key, digest=digest, objectives=len(plan.objectives), actions=len(list(plan.actions())),
        indicators=len(list(plan.measures())),
    )  # fmt: skip
    recorded = record(verbs.PLAN_LOADED, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    models.Plan.objects.update_or_create(
        key=plan.key, defaults={"content": dict(content), "digest": digest, "entry_id": recorded.id}
    )
    return plan


@transaction.atomic
def set_target(
    *, actor: Actor, indicator: Indicator, year: int, value: Decimal, source: str, organ: str = ""
) -> models.Target:
    """What the plan wants of an indicator in a year. Needs `target.set`; the earlier target stays in the register."""
    require(actor, verbs.TARGET_SET.code, organ or ministry().headquarters)
    home = Organ.objects.get(pk=organ or ministry().headquarters)
    facts = verbs.Wanted(indicator=indicator.key, of_organ=organ, year=year, value=_whole(value))
    record(verbs.TARGET_SET, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    found, _ = models.Target.objects.update_or_create(
        indicator=indicator.key, organ=organ, year=year, defaults={"value": value, "source": source}
    )
    return found


def _whole(value: Decimal) -> int:
    return int(value.scaleb(TEN_THOUSANDTHS).to_integral_value())

"""The only writers of the plan's figures: what an officer closes, publishes, wants, or enters by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from cancilleria.kernel.indicators import acts, queries, verbs
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import MANUAL, Indicator
from cancilleria.kernel.indicators.models import Closure, ManualValue, Target
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record

TEN_THOUSANDTHS = 4


class NotByHand(ValueError):
    """The figure is computed from acts: nobody enters it."""


@transaction.atomic
def close_period(*, actor: Actor, indicator: Indicator, period: Period, organ: str = "") -> Closure:
    """Seal a figure of an organ, or of the ministry: its counts, the log's size it was taken at, the digest of its acts.

    What is recorded, annulled or corrected later never changes it; `explain` tells the difference. Needs `period.closed`.
    """
    require(actor, verbs.PERIOD_CLOSED.code, organ or None)
    home = Organ.objects.get(pk=organ or ministry().headquarters)
    rules, size = indicator.rules(), queries.log_size()
    scope = Scope(period.start, period.end, (organ,) if organ else None)
    behind = [acts.acts(rule, scope, as_of=size) for rule in rules]
    counts = [[len(found), sum(adds for _, adds in found)] for found in behind]
    seal = acts.digest(behind)
    of_n, of_total = counts[1] if len(counts) > 1 else (0, None)
    days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    facts = verbs.Sealed(
        indicator=indicator.key, of_organ=organ, **days, size=size, n=counts[0][0], total=counts[0][1], of_n=of_n,
        of_total=of_total, rules=" ".join(rule.key for rule in rules), acts=seal,
    )  # fmt: skip
    recorded = record(verbs.PERIOD_CLOSED, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    return Closure.objects.create(
        indicator=indicator.key, organ=organ, start=period.start, end=period.end, size=size, counts=counts,
        rules=[[rule.text, list(rule.dimensions)] for rule in rules], acts_digest=seal, entry_id=recorded.id,
    )  # fmt: skip


@transaction.atomic
def publish_period(*, actor: Actor, closure: Closure) -> Closure:
    """Make a closed figure public. Needs `period.published`; publishing twice changes nothing and records nothing."""
    require(actor, verbs.PERIOD_PUBLISHED.code, closure.organ or None)
    held = Closure.objects.select_for_update().get(pk=closure.pk)
    if held.published_id is not None:
        return held
    home = Organ.objects.get(pk=held.organ or ministry().headquarters)
    facts = verbs.OfPeriod(
        indicator=held.indicator, of_organ=held.organ, start=held.start.isoformat(), end=held.end.isoformat()
    )
    recorded = record(verbs.PERIOD_PUBLISHED, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    Closure.objects.filter(pk=held.pk).update(published=recorded.id)
    held.refresh_from_db()
    return held


@transaction.atomic
def set_target(
    *, actor: Actor, indicator: Indicator, year: int, value: Decimal, source: str, organ: str = ""
) -> Target:
    """What the plan wants of an indicator in a year. Needs `target.set`; the earlier target stays in the register."""
    require(actor, verbs.TARGET_SET.code, organ or None)
    home = Organ.objects.get(pk=organ or ministry().headquarters)
    facts = verbs.Wanted(indicator=indicator.key, of_organ=organ, year=year, value=_whole(value))
    record(verbs.TARGET_SET, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    found, _ = Target.objects.update_or_create(
        indicator=indicator.key, organ=organ, year=year, defaults={"value": value, "source": source}
    )
    return found


@transaction.atomic
def enter_value(
    *, actor: Actor, indicator: Indicator, organ: str, month: date, value: Decimal, evidence: str
) -> ManualValue:
    """Enter by hand what no act tells, with the digest of the document that supports it. Needs `value.entered` there.

    Raises NotByHand for a figure that is computed.
    """
    require(actor, verbs.VALUE_ENTERED.code, organ)
    if indicator.source != MANUAL:
        raise NotByHand(indicator.key)
    home = Organ.objects.get(pk=organ)
    facts = verbs.ByHand(indicator=indicator.key, month=month.isoformat(), value=_whole(value))
    recorded = record(
        verbs.VALUE_ENTERED, organ=organ, zone=home.zone, actor=actor.key, facts=facts, documents=[evidence]
    )
    found, _ = ManualValue.objects.update_or_create(
        indicator=indicator.key, organ=organ, month=month,
        defaults={"value": value, "evidence": evidence, "entry_id": recorded.id},
    )  # fmt: skip
    return found


@transaction.atomic
def report_nothing(*, actor: Actor, indicator: Indicator, organ: str, month: date) -> None:
    """Say that an organ did nothing of that kind in a month: from then on it is zero, not unknown. Needs `month.reported`."""
    require(actor, verbs.MONTH_REPORTED.code, organ)
    home = Organ.objects.get(pk=organ)
    facts = verbs.Nothing(indicator=indicator.key, month=month.isoformat())
    record(verbs.MONTH_REPORTED, organ=organ, zone=home.zone, actor=actor.key, facts=facts)


def _whole(value: Decimal) -> int:
    return int(value.scaleb(TEN_THOUSANDTHS).to_integral_value())

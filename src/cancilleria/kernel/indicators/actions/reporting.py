"""Writers of what an organ tells of itself: values no act gives, and months in which it did nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from cancilleria.kernel.indicators import queries, verbs
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import MANUAL, Indicator
from cancilleria.kernel.indicators.models import ManualValue
from cancilleria.kernel.indicators.periods import later
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record

TEN_THOUSANDTHS = 4


class NotByHand(ValueError):
    """The figure is computed from acts: nobody enters it."""


class HasActs(ValueError):
    """The organ acted in that month: the register says so."""


class NotYet(ValueError):
    """The month has not ended: acts may still come. A value by hand may be of the month that runs, not of one to come."""


@transaction.atomic
def enter_value(
    *, actor: Actor, indicator: Indicator, organ: str, month: date, value: Decimal, evidence: str
) -> ManualValue:
    """Enter by hand what no act tells, with the digest of the document that supports it. Needs `value.entered` there.

    Another value for the month takes the place of the first, which stays in the register; the same one, with the same
    evidence, changes and records nothing. Raises NotByHand for a figure that is computed, NotYet.
    """
    require(actor, verbs.VALUE_ENTERED.code, organ)
    if indicator.source != MANUAL:
        raise NotByHand(indicator.key)
    home = Organ.objects.select_for_update().get(pk=organ)
    if month > local_today(home):
        raise NotYet(month.isoformat())
    same = {"indicator": indicator.key, "organ": organ, "month": month, "value": value, "evidence": evidence}
    if (held := ManualValue.objects.filter(**same).first()) is not None:
        return held
    facts = verbs.ByHand(
        indicator=indicator.key, month=month.isoformat(), value=int(value.scaleb(TEN_THOUSANDTHS).to_integral_value())
    )
    recorded = record(
        verbs.VALUE_ENTERED, organ=organ, zone=home.zone, actor=actor.key, facts=facts, documents=[evidence]
    )
    found, _ = ManualValue.objects.update_or_create(
        indicator=indicator.key, organ=organ, month=month,
        defaults={"value": value, "evidence": evidence, "entry_id": recorded.id},
    )  # fmt: skip
    return found


@transaction.atomic
def report_nothing(*, actor: Actor, indicator: Indicator, organ: str, month: date) -> bool:
    """Say that an organ did nothing of that kind in a month: from then on it is zero, not unknown. Needs `month.reported`.

    Said twice it is recorded once, and the second answer is False. Raises HasActs, and NotYet before the month ends.
    """
    require(actor, verbs.MONTH_REPORTED.code, organ)
    home = Organ.objects.select_for_update().get(pk=organ)
    if local_today(home) < later(month, 1):
        raise NotYet(month.isoformat())
    if queries.series(indicator, Scope(month, later(month, 1), (organ,))):
        raise HasActs(month.isoformat())
    if (organ, month) in queries.said_nothing([indicator.key], [organ]).get(indicator.key, set()):
        return False
    facts = verbs.Nothing(indicator=indicator.key, month=month.isoformat())
    record(verbs.MONTH_REPORTED, organ=organ, zone=home.zone, actor=actor.key, facts=facts)
    return True

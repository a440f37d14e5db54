"""Writers of closed and published figures."""

from __future__ import annotations

from django.db import transaction

from cancilleria.kernel.indicators import acts, queries, verbs
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import MANUAL, Indicator
from cancilleria.kernel.indicators.models import Closure, PublicCell
from cancilleria.kernel.indicators.periods import Period
from cancilleria.kernel.indicators.published import public_cells
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record

SEALED = ("counts", "rules", "acts_digest")


class NothingToClose(ValueError):
    """A figure entered by hand has no acts to seal; one of a single organ is published within the ministry's table."""


@transaction.atomic
def close_period(*, actor: Actor, indicator: Indicator, period: Period, organ: str = "") -> Closure:
    """Seal a figure of an organ, or of the ministry: its counts, the log's size it was taken at, the digest of its acts.

    What is recorded, annulled or corrected later never changes it; `explain` tells the difference. Needs `period.closed`.
    Closed again with the same acts it is the same closure, and nothing is recorded. Raises NothingToClose.
    """
    require(actor, verbs.PERIOD_CLOSED.code, organ or ministry().headquarters)
    if indicator.source == MANUAL:
        raise NothingToClose(indicator.key)
    home = Organ.objects.select_for_update().get(pk=organ or ministry().headquarters)
    rules, size = indicator.rules(), queries.log_size()
    scope = Scope(period.start, period.end, (organ,) if organ else None)
    behind = [acts.acts(rule, scope, as_of=size) for rule in rules]
    sealed = Closure(
        indicator=indicator.key, organ=organ, start=period.start, end=period.end, size=size,
        counts=[[len(found), sum(adds for _, adds in found)] for found in behind],
        rules=[[rule.text, list(rule.dimensions)] for rule in rules], acts_digest=acts.digest(behind),
    )  # fmt: skip
    newest = Closure.objects.filter(indicator=indicator.key, organ=organ, start=period.start, end=period.end)
    last = newest.order_by("-pk").first()
    if last is not None and all(getattr(last, name) == getattr(sealed, name) for name in SEALED):
        return last
    facts = _facts(sealed, " ".join(rule.key for rule in rules))
    sealed.entry_id = record(verbs.PERIOD_CLOSED, organ=home.key, zone=home.zone, actor=actor.key, facts=facts).id
    sealed.save(force_insert=True)
    return sealed


def _facts(sealed: Closure, rules: str) -> verbs.Sealed:
    (n, total), *rest = sealed.counts
    of_n, of_total = rest[0] if rest else (0, None)
    return verbs.Sealed(
        indicator=sealed.indicator, of_organ=sealed.organ, start=sealed.start.isoformat(), end=sealed.end.isoformat(),
        size=sealed.size, n=n, total=total, of_n=of_n, of_total=of_total, rules=rules, acts=sealed.acts_digest,
    )  # fmt: skip


@transaction.atomic
def publish_period(*, actor: Actor, closure: Closure) -> Closure:
    """Make a closed figure of the ministry public, small counts hidden. Needs `period.published`.

    What is shown is decided here, once, beside all that was published before. Publishing twice changes nothing and records
    nothing. Raises NothingToClose for a figure of one organ, CannotBeHidden when earlier tables would tell a small count.
    """
    require(actor, verbs.PERIOD_PUBLISHED.code, closure.organ or ministry().headquarters)
    home = Organ.objects.select_for_update().get(pk=ministry().headquarters)
    held = Closure.objects.select_for_update().get(pk=closure.pk)
    if held.organ:
        raise NothingToClose(held.organ)
    if held.published_id is not None:
        return held
    facts = verbs.OfPeriod(
        indicator=held.indicator, of_organ=held.organ, start=held.start.isoformat(), end=held.end.isoformat()
    )
    recorded = record(verbs.PERIOD_PUBLISHED, organ=home.key, zone=home.zone, actor=actor.key, facts=facts)
    PublicCell.objects.bulk_create(public_cells(held))
    Closure.objects.filter(pk=held.pk).update(published=recorded.id)
    held.refresh_from_db()
    return held

"""Issuing in bulk: an officer confirms exactly these cases; each is then issued in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from django.db import InterfaceError, OperationalError, connection, transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import verbs
from cancilleria.domains.apostille.actions.certificates import issue_apostille
from cancilleria.domains.apostille.models import BulkItem, BulkOrder
from cancilleria.domains.apostille.models.batches import ISSUED, MISSED, PENDING
from cancilleria.kernel.cases import steps
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import CannotFollow, ChangedMeanwhile
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised, actor_of_officer, require
from cancilleria.kernel.organs.models import Organ, Posting
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.verbs import Facts, Verb

log = logging.getLogger("cancilleria.bulk")
# What keeps a confirmed case from being issued, as the order keeps it.
RELIEVED, NOT_AUTHORISED, CHANGED, DECIDED, FAILED = "relieved", "not_authorised", "changed", "decided", "failed"
CODES: Mapping[type[Exception], str] = {
    ChangedMeanwhile: CHANGED, CannotFollow: DECIDED, NotAuthorised: NOT_AUTHORISED,
}  # fmt: skip


@transaction.atomic
def order_issuing(*, actor: Actor, cases: Sequence[tuple[Case, int]], key: str) -> BulkOrder:
    """Confirm cases to be issued, each at the revision the officer saw. The same key gives the same order.

    Needs `apostille.issued` at the organ of every case now, and again when each is issued.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk:{actor.key}:{key}"])
    known = BulkOrder.objects.filter(actor=actor.key, key=key).first()
    if known is not None:
        return known
    for case, _seen in cases:
        require(actor, verbs.APOSTILLE_ISSUED.code, case.organ)
    organ, order_id = Organ.objects.get(pk=actor.organ), uuid7()
    recorded = record(
        verbs.BULK_ORDERED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.Ordered(cases=len(cases)),
        private={"cases": [str(case.pk) for case, _seen in cases]}, subjects=[f"bulk:{order_id}"],
    )  # fmt: skip
    order = BulkOrder.objects.create(id=order_id, actor=actor.key, organ=organ.key, key=key, entry_id=recorded.id)
    BulkItem.objects.bulk_create(BulkItem(order=order, case=case, seen=seen) for case, seen in cases)
    return order


@transaction.atomic
def issue_next(*, actor: Actor) -> BulkItem | None:
    """Issue the next confirmed case, in the name of the officer who confirmed it; None when nothing waits.

    Their authority, the case's revision and the law are looked at again. What cannot be issued any more is written down
    with its reason, and the next one goes on. `actor` is the worker, who has no power of its own. Raises NotAuthorised for
    anybody else.
    """
    if actor is not SYSTEM:
        raise NotAuthorised(f"{actor.key} is not the worker")
    waiting = BulkItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(outcome=PENDING)
    item = waiting.select_related("case").order_by("pk").first()
    if item is None:
        return None
    order = BulkOrder.objects.select_for_update().get(pk=item.order_id)
    item.code = _issue(order, item)
    item.outcome = MISSED if item.code else ISSUED
    item.save(update_fields=["outcome", "code"])
    if item.code:
        _record(
            actor, verbs.BULK_MISSED, order, verbs.Why(code=item.code), [f"case:{item.case_id}", f"bulk:{order.pk}"]
        )
    outcomes = list(order.items.values_list("outcome", flat=True))
    if PENDING not in outcomes:
        facts = verbs.Finished(issued=outcomes.count(ISSUED), missed=outcomes.count(MISSED))
        _record(actor, verbs.BULK_FINISHED, order, facts, [f"bulk:{order.pk}"])
    return item


def _issue(order: BulkOrder, item: BulkItem) -> str:
    """Empty when it was issued, or the code of what kept it from being; then nothing of it is left."""
    officer = _still_posted(order.actor)
    if officer is None:
        return RELIEVED
    try:
        with transaction.atomic():
            steps.locked(item.case, item.seen)
            issue_apostille(actor=officer, case=item.case)
    except NotAcceptable as error:
        return error.problems[0].code if error.problems else "not_registered"
    except (CannotFollow, NotAuthorised) as error:
        return CODES[type(error)]
    except (OperationalError, InterfaceError):
        # The database is away: the case waits, and is issued when it is back.
        raise
    except Exception:
        # A fault of one case, ours or its document's, must not keep the others waiting for ever.
        log.exception("case %s could not be issued", item.case_id)
        return FAILED
    return ""


def _still_posted(posting: str) -> Actor | None:
    """The officer, while they are in the very post in which they confirmed."""
    officer = Posting.objects.filter(pk=posting).values_list("officer", flat=True).first()
    found = actor_of_officer(officer) if officer else None
    return found if found is not None and found.key == posting else None


def _record(actor: Actor, verb: Verb, order: BulkOrder, facts: Facts, subjects: list[str]) -> None:
    organ = Organ.objects.get(pk=order.organ)
    record(verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, subjects=subjects)

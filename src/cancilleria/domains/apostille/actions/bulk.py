"""Signing in bulk: an officer looks at cases and orders them together; each is an act of its own, or says why not."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions.certificates import issue_apostille
from cancilleria.domains.apostille.models import BulkItem, BulkSigning
from cancilleria.domains.apostille.rules import BULK_PROBLEMS
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import CannotFollow
from cancilleria.kernel.organs.authority import Actor, NotAuthorised, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.doors import tasks

BULK_TASK = "apostille.bulk"
MOST_TOGETHER = 500


@transaction.atomic
def order_signing(*, actor: Actor, cases: Sequence[Case]) -> BulkSigning:
    """Order that these cases, and no others, be apostilled under the officer's name; the worker does it after commit.

    Needs `apostille.issued` at the cases' organ. Raises ValueError for none, for more than MOST_TOGETHER, or of two organs.
    """
    organs = {case.organ for case in cases}
    if len(organs) != 1 or len(cases) > MOST_TOGETHER:
        raise ValueError(f"{len(cases)} cases of {len(organs)} organs")
    organ = Organ.objects.get(pk=organs.pop())
    require(actor, verbs.APOSTILLE_ISSUED.code, organ.key)
    order = uuid7()
    recorded = record(
        verbs.SIGNING_ORDERED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Ordered(cases=len(cases)), subjects=[f"signing:{order}"], private={"cases": [str(c.pk) for c in cases]},
    )  # fmt: skip
    made = BulkSigning.objects.create(id=order, entry_id=recorded.id, officer=actor.key, organ=organ.key)
    BulkItem.objects.bulk_create(BulkItem(order=made, case=case) for case in cases)
    tasks().defer(BULK_TASK, order=str(order))
    return made


@transaction.atomic
def sign_item(*, actor: Actor, item: BulkItem) -> BulkItem:
    """Take one case of an order its turn: apostilled by `actor`, or with the reason why not. Its turn comes once."""
    held = BulkItem.objects.select_for_update(of=("self",)).select_related("case").get(pk=item.pk)
    if held.done:
        return held
    reason = ""
    try:
        with transaction.atomic():
            issue_apostille(actor=actor, case=held.case)
    except NotAcceptable as error:
        reason = " ".join(str(problem.message) for problem in error.problems) or str(BULK_PROBLEMS["changed"])
    except CannotFollow:
        reason = str(BULK_PROBLEMS["attended"])
    except NotAuthorised:
        reason = str(BULK_PROBLEMS["no_authority"])
    BulkItem.objects.filter(pk=held.pk).update(done=True, reason=reason)
    held.refresh_from_db()
    return held


@transaction.atomic
def finish_signing(*, actor: Actor, order: BulkSigning) -> BulkSigning:
    """Every case of the order had its turn: record what came of it, once."""
    held = BulkSigning.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.finished_id is not None or held.items.filter(done=False).exists():
        return held
    organ, tally = Organ.objects.get(pk=held.organ), queries.tally_of(held)
    recorded = record(
        verbs.SIGNING_FINISHED, organ=organ.key, zone=organ.zone, actor=actor.key, subjects=[f"signing:{held.pk}"],
        facts=verbs.Tally(done=tally.issued, refused=tally.refused),
    )  # fmt: skip
    BulkSigning.objects.filter(pk=held.pk).update(finished=recorded.id)
    held.refresh_from_db()
    return held

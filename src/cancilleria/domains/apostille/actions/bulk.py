"""Signing in bulk: an officer looks at cases and orders them together; each is an act of its own, or says why not."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection, transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions.certificates import issue_apostille
from cancilleria.domains.apostille.models import BulkItem, BulkSigning
from cancilleria.domains.apostille.rules import BULK_PROBLEMS
from cancilleria.kernel.cases import steps
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import CannotFollow, ChangedMeanwhile
from cancilleria.kernel.organs.authority import Actor, NotAuthorised, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.doors import tasks

log = logging.getLogger("cancilleria.bulk")
BULK_TASK = "apostille.bulk"
MOST_TOGETHER = 500


@transaction.atomic
def order_signing(*, actor: Actor, cases: Sequence[Case], key: str = "") -> BulkSigning:
    """Order that these cases, and no others, be apostilled under the officer's name; the worker does it after commit.

    Each as it stands in `cases`: one that changes before its turn is not issued. The same `key` gives the same order.
    Needs `apostille.issued` at the cases' organ. Raises ValueError for none, for more than MOST_TOGETHER, or of two organs.
    """
    organs = {case.organ for case in cases}
    if len(organs) != 1 or len(cases) > MOST_TOGETHER:
        raise ValueError(f"{len(cases)} cases of {len(organs)} organs")
    organ, known = Organ.objects.get(pk=organs.pop()), _known(actor, key)
    if known is not None:
        return known
    require(actor, verbs.APOSTILLE_ISSUED.code, organ.key)
    order = uuid7()
    recorded = record(
        verbs.SIGNING_ORDERED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Ordered(cases=len(cases)), subjects=[f"signing:{order}"], private={"cases": [str(c.pk) for c in cases]},
    )  # fmt: skip
    made = BulkSigning.objects.create(id=order, entry_id=recorded.id, officer=actor.key, organ=organ.key, key=key)
    BulkItem.objects.bulk_create(BulkItem(order=made, case=case, seen=case.revision) for case in cases)
    tasks().defer(BULK_TASK, order=str(order))
    return made


@transaction.atomic
def sign_item(*, actor: Actor, item: BulkItem) -> BulkItem:
    """Take one case of an order its turn: apostilled by `actor`, or with the reason why not. Its turn comes once.

    Raises OperationalError when the database is away: the case waits for its turn again.
    """
    held = BulkItem.objects.select_for_update(of=("self",)).select_related("case").get(pk=item.pk)
    if held.done:
        return held
    reason = ""
    try:
        with transaction.atomic():
            steps.locked(held.case, held.seen)
            issue_apostille(actor=actor, case=held.case)
    except NotAcceptable as error:
        reason = " ".join(str(problem.message) for problem in error.problems) or str(BULK_PROBLEMS["changed"])
    except ChangedMeanwhile:
        reason = str(BULK_PROBLEMS["not_as_seen"])
    except CannotFollow:
        reason = str(BULK_PROBLEMS["attended"])
    except NotAuthorised:
        reason = str(BULK_PROBLEMS["no_authority"])
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # A fault of one case must not keep the others waiting for ever; nothing of it is left.
        log.exception("case %s could not be apostilled", held.case_id)
        reason = str(BULK_PROBLEMS["failed"])
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


def _known(actor: Actor, key: str) -> BulkSigning | None:
    """The order of this key, once whoever makes it at this moment is done."""
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk:{actor.key}:{key}"])
    return BulkSigning.objects.filter(officer=actor.key, key=key).first()

"""Writers of what is known of other logs: those this node closed, and those of other nodes (DECISIONS 5 and 7)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from cancilleria.kernel.organs import verbs
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.merkle import ProofError, verify_consistency
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.note import Checkpoint, Note, VerifierKey


class ForkedLog(ValueError):
    """The head does not continue the one seen before, or its signature is not that of the node."""


@transaction.atomic
def note_closed_log(*, actor: Actor, organ: Organ, closed: verbs.ClosedLog, reason: str) -> Recorded:
    """The first act of a new log: which one it follows, and how much of that one the rows keep. Needs `log.closed`."""
    require(actor, verbs.LOG_CLOSED.code, organ.key)
    return record(
        verbs.LOG_CLOSED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=closed, private={"reason": reason},
        subjects=[f"log:{closed.origin}"],
    )  # fmt: skip


@transaction.atomic
def note_head(
    *, actor: Actor, organ: Organ, note: Note, key: VerifierKey, proof: Sequence[bytes] = ()
) -> Recorded | None:
    """Record the signed head of another node's log, once it is shown to continue the last one recorded.

    `proof` is the consistency proof between both. A head already recorded records nothing. Needs `log.seen`. Raises ForkedLog.
    """
    require(actor, verbs.LOG_SEEN.code, organ.key)
    head = Checkpoint.parse(note.text)
    if head.origin != key.name or note.verified_by(key) is None:
        raise ForkedLog(f"{head.origin}: the head is not signed by {key.name}")
    Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)  # two heads of one node are taken one after the other
    last = (
        Entry.objects.filter(verb=verbs.LOG_SEEN.code, subjects__contains=[f"log:{head.origin}"])
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if last is not None:
        try:
            verify_consistency(int(last.facts["size"]), head.size, proof, bytes.fromhex(last.facts["root"]), head.root)
        except ProofError as error:
            raise ForkedLog(f"{head.origin}: {error}") from error
        if int(last.facts["size"]) == head.size:
            return None
    facts = verbs.SeenLog(origin=head.origin, size=head.size, root=head.root.hex())
    return record(
        verbs.LOG_SEEN, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, subjects=[f"log:{head.origin}"]
    )

"""Cases that an officer may issue at once: nothing is left to compare or to ask. A fixed number of reads, however many."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from cancilleria.domains.apostille.models import Batch, BulkItem, BulkOrder, Party, Specimen
from cancilleria.domains.apostille.models.batches import PENDING
from cancilleria.domains.apostille.queries.specimens import holder_among, tenure_of
from cancilleria.domains.apostille.rules import Membership, destination_problem, kind_problem, signature_problem
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import visible_to
from cancilleria.kernel.cases.rules import RUNNING
from cancilleria.kernel.documents.models import Version
from cancilleria.kernel.documents.rules import SignatureState, UnknownSigner, Valid, inspection_from
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.organs.doors import ministry

POWER = "apostille.issued"
# What one page shows, and one order holds at most.
MOST_AT_ONCE = 200
SIGNED_FILE = Q(documents__field="document", documents__document__versions__number=1)
FINGERPRINT = "documents__document__versions__blob__inspection__signer__fingerprint"


@dataclass(frozen=True)
class Ready:
    """A case, and whose signature its document bears."""

    case: Case
    specimen: Specimen


def issuable(*, viewer: Viewer, entity: str = "", batch: uuid.UUID | None = None) -> QuerySet[Case]:
    """Requests for a file's apostille that the viewer may decide now: those that wait for nobody, not even for a payment.

    Of one entity's signers, of one batch. The first to fall due first; without those confirmed already.
    """
    found = visible_to(viewer).filter(procedure="apostille", state__in=RUNNING, appeals=None)
    if f"{POWER}*" not in viewer.powers:
        found = found.filter(organ=viewer.organ) if POWER in viewer.powers else found.none()
    if entity:
        signers = Specimen.objects.filter(entity=entity, withdrawn=False).exclude(fingerprint="")
        fingerprints = list(signers.values_list("fingerprint", flat=True))
        found = found.filter(SIGNED_FILE, **{f"{FINGERPRINT}__in": fingerprints})
    if batch is not None:
        found = found.filter(batch_item__batch=batch)
    return found.exclude(pk__in=BulkItem.objects.filter(outcome=PENDING).values("case")).order_by("due_on", "id")


def ready_among(cases: Iterable[Case]) -> list[Ready]:
    """Of these cases, those in which the law leaves nothing to look at: signature, authority, document and destination hold."""
    held = list(cases)
    signatures = _signatures([case.pk for case in held])
    states = {case.answers.get("destination", "") for case in held}
    parties = {p.state: Membership(p.state, p.in_force_on, p.with_us_on, p.objection)
               for p in Party.objects.filter(pk__in=states)}  # fmt: skip
    specimens = _specimens(signatures.values())
    found = []
    for case in held:
        state = signatures.get(case.pk)
        specimen = _holder(state, specimens)
        if state is not None and specimen is not None and _lawful(case, state, specimen, parties):
            found.append(Ready(case, specimen))
    return found


def order_for(order: uuid.UUID, *, viewer: Viewer) -> BulkOrder | None:
    """The order, for who confirmed it and for who sees every case; None for anybody else."""
    found = BulkOrder.objects.select_related("entry").filter(pk=order)
    if "desk.cases*" not in viewer.powers:
        found = found.filter(actor=viewer.key)
    return found.first()


def orders_of(viewer: Viewer, most: int = 5) -> list[BulkOrder]:
    """The viewer's last orders."""
    return list(
        BulkOrder.objects.select_related("entry").filter(actor=viewer.key).order_by("-entry__recorded_at")[:most]
    )


def items_of(order: BulkOrder) -> QuerySet[BulkItem]:
    """Its cases, with the apostille of each that was issued."""
    return order.items.select_related("case__entry").prefetch_related("case__apostilles__entry").order_by("pk")


def senders(cases: QuerySet[Case]) -> list[Batch]:
    """Batches with cases among these."""
    return list(Batch.objects.select_related("entity").filter(items__case__in=cases).distinct().order_by("-pk")[:20])


def _lawful(case: Case, state: SignatureState, specimen: Specimen, parties: Mapping[str, Membership]) -> bool:
    destination = case.answers.get("destination", "")
    on = timezone.now().date()
    return not (
        signature_problem(state, tenure_of(specimen))
        or kind_problem(case.answers.get("kind", ""))
        or destination_problem(parties.get(destination), state=destination, own=ministry().country, on=on)
    )


def _signatures(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, SignatureState]:
    path = "document__casedocument"
    rows = Version.objects.filter(**{f"{path}__case__in": cases, f"{path}__field": "document"}, number=1)
    return {
        case: inspection_from(read).signature for case, read in rows.values_list(f"{path}__case", "blob__inspection") if read
    }  # fmt: skip


def _specimens(states: Iterable[SignatureState]) -> dict[str, list[Specimen]]:
    """Who held each certificate, the newest first."""
    prints = {state.signer.fingerprint for state in states if isinstance(state, Valid | UnknownSigner)}
    found: dict[str, list[Specimen]] = {}
    rows = Specimen.objects.select_related("entity").filter(fingerprint__in=prints, withdrawn=False)
    for row in rows.order_by("-valid_from"):
        found.setdefault(row.fingerprint, []).append(row)
    return found


def _holder(state: SignatureState | None, specimens: Mapping[str, list[Specimen]]) -> Specimen | None:
    return (
        holder_among(specimens.get(state.signer.fingerprint, []), state.signed_on) if isinstance(state, Valid) else None
    )

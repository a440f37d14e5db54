"""Batches and orders as their pages show them, and which cases may be signed together now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from cancilleria.domains.apostille.models import Batch, BulkSigning, Specimen
from cancilleria.domains.apostille.queries.specimens import holder_among, tenure_of
from cancilleria.domains.apostille.rules import signature_problem
from cancilleria.kernel.cases.models import Case, CaseDocument
from cancilleria.kernel.cases.queries import visible_to
from cancilleria.kernel.cases.rules import RUNNING
from cancilleria.kernel.documents.rules import Inspection, UnknownSigner, Unsigned, Valid, inspection_from
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.people.models import Entity

POWER = "apostille.issued"
SIGNED = (Valid, UnknownSigner)
SIGNER = "documents__document__versions__blob__inspection__signer__fingerprint"


@dataclass(frozen=True)
class Ready:
    """A case that waits for its apostille: what an officer looks at, and whether anything keeps it from being signed."""

    case: Case
    inspected: Inspection
    specimen: Specimen | None
    problem: str


@dataclass(frozen=True)
class Tally:
    """How far an order is."""

    issued: int
    refused: int
    waiting: int


def waiting(
    viewer: Viewer, *, batch: str = "", entity: str = "", cases: Sequence[uuid.UUID] | None = None
) -> QuerySet[Case]:  # fmt: skip
    """Electronic requests of the viewer's office that wait for a decision, oldest first; of a batch, of an entity's signers,
    or the ones named.
    """
    found = visible_to(viewer).filter(procedure="apostille", state__in=RUNNING, organ=viewer.organ, appeals=None)
    if not viewer.may(POWER, viewer.organ):
        return found.none()
    if batch:
        found = found.filter(batch_item__batch=batch)
    if entity:
        signers = Specimen.objects.filter(entity=entity, withdrawn=False).exclude(fingerprint="")
        prints = list(signers.values_list("fingerprint", flat=True))
        found = found.filter(**{f"{SIGNER}__in": prints}, documents__field="document")
    if cases is not None:
        found = found.filter(pk__in=cases)
    documents = CaseDocument.objects.filter(field="document").prefetch_related("document__versions__blob")
    return (
        found.select_related("batch_item__batch__entity")
        .prefetch_related(Prefetch("documents", documents))
        .order_by("filed_at")
    )


def ready(cases: Iterable[Case]) -> list[Ready]:
    """What signing each stands on, read again now; in one question, however many."""
    inspected = [(case, _inspected(case)) for case in cases]
    prints = {found.signature.signer.fingerprint for _case, found in inspected if isinstance(found.signature, SIGNED)}
    holders: dict[str, list[Specimen]] = {}
    known = Specimen.objects.select_related("entity").filter(fingerprint__in=prints, withdrawn=False)
    for specimen in known.order_by("-valid_from"):
        holders.setdefault(specimen.fingerprint, []).append(specimen)
    return [_ready(case, found, holders) for case, found in inspected]


def batches(viewer: Viewer) -> QuerySet[Batch]:
    """Batches the viewer's office received, with what became of their files, newest first; for who certifies."""
    if not viewer.may(POWER, viewer.organ):
        return Batch.objects.none()
    found = Batch.objects.all() if f"{POWER}*" in viewer.powers else Batch.objects.filter(entry__organ=viewer.organ)
    counted = found.select_related("entity", "entry").annotate(
        taken=Count("items", filter=Q(items__case__isnull=False)), refused=Count("items", filter=Q(items__case=None))
    )
    return counted.order_by("-entry__recorded_at")


def entities() -> list[Entity]:
    """Entities whose signatures are in the register: those that may send batches."""
    return list(Entity.objects.filter(specimens__withdrawn=False).distinct().order_by("folded_name"))


def order_for(order: uuid.UUID, *, viewer: Viewer) -> BulkSigning | None:
    """An order of the viewer's own office; None for any other."""
    return BulkSigning.objects.filter(pk=order, organ=viewer.organ or "").first()


def order_of(viewer: Viewer, key: str) -> BulkSigning | None:
    """What the viewer ordered under a page's key, if they did."""
    return BulkSigning.objects.filter(officer=viewer.key, key=key).first() if key else None


def tally_of(order: BulkSigning) -> Tally:
    over, clean = Q(done=True), Q(reason="")
    counts = order.items.aggregate(
        issued=Count("pk", filter=over & clean),
        refused=Count("pk", filter=over & ~clean),
        waiting=Count("pk", filter=~over),
    )
    return Tally(**counts)


def _inspected(case: Case) -> Inspection:
    held = next(iter(case.documents.all()), None)
    version = next(iter(held.document.versions.all()), None) if held else None
    kept = version.blob.inspection if version else None
    return inspection_from(kept) if kept else Inspection(0, Unsigned())


def _ready(case: Case, inspected: Inspection, holders: Mapping[str, list[Specimen]]) -> Ready:
    state = inspected.signature
    held = holders.get(state.signer.fingerprint, []) if isinstance(state, SIGNED) else []
    found = holder_among(held, state)
    return Ready(case, inspected, found, signature_problem(state, tenure_of(found) if found else None))

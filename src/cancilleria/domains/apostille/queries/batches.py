"""Batches and orders as their pages show them, and which cases may be signed together now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from cancilleria.domains.apostille.models import Batch, BulkSigning, Specimen
from cancilleria.domains.apostille.queries.specimens import authority_for, tenure_of
from cancilleria.domains.apostille.rules import signature_problem
from cancilleria.kernel.cases.models import Case, CaseDocument
from cancilleria.kernel.cases.queries import visible_to
from cancilleria.kernel.cases.rules import RUNNING
from cancilleria.kernel.documents.rules import Inspection, Unsigned, inspection_from
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.people.models import Entity

POWER = "apostille.issued"


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


def waiting(viewer: Viewer, *, batch: str = "", cases: Sequence[uuid.UUID] | None = None) -> QuerySet[Case]:
    """Electronic requests of the viewer's office that wait for a decision, oldest first; of a batch, or the ones named."""
    found = visible_to(viewer).filter(procedure="apostille", state__in=RUNNING, organ=viewer.organ, appeals=None)
    if not viewer.may(POWER, viewer.organ):
        return found.none()
    if batch:
        found = found.filter(batch_item__batch=batch)
    if cases is not None:
        found = found.filter(pk__in=cases)
    documents = CaseDocument.objects.filter(field="document").prefetch_related("document__versions__blob")
    return (
        found.select_related("batch_item__batch__entity")
        .prefetch_related(Prefetch("documents", documents))
        .order_by("filed_at")
    )


def ready(case: Case) -> Ready:
    """What signing it stands on, read again now."""
    held = next(iter(case.documents.all()), None)
    version = next(iter(held.document.versions.all()), None) if held else None
    kept = version.blob.inspection if version else None
    inspected = inspection_from(kept) if kept else Inspection(0, Unsigned())
    found = authority_for(inspected.signature)
    return Ready(case, inspected, found, signature_problem(inspected.signature, tenure_of(found) if found else None))


def batches(viewer: Viewer) -> QuerySet[Batch]:
    """Every batch with what became of its files, newest first; for who certifies."""
    if not viewer.may(POWER, viewer.organ):
        return Batch.objects.none()
    counted = Batch.objects.select_related("entity", "entry").annotate(
        taken=Count("items", filter=Q(items__case__isnull=False)), refused=Count("items", filter=Q(items__case=None))
    )
    return counted.order_by("-entry__recorded_at")


def entities() -> list[Entity]:
    """Entities whose signatures are in the register: those that may send batches."""
    return list(Entity.objects.filter(specimens__withdrawn=False).distinct().order_by("folded_name"))


def order_for(order: uuid.UUID, *, viewer: Viewer) -> BulkSigning | None:
    """An order of the viewer's own office; None for any other."""
    return BulkSigning.objects.filter(pk=order, organ=viewer.organ or "").first()


def tally_of(order: BulkSigning) -> Tally:
    over, clean = Q(done=True), Q(reason="")
    counts = order.items.aggregate(
        issued=Count("pk", filter=over & clean),
        refused=Count("pk", filter=over & ~clean),
        waiting=Count("pk", filter=~over),
    )
    return Tally(**counts)

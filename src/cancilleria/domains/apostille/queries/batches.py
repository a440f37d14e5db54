"""Batches for whoever decides their cases, and what keeps a document of one from being accepted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.models.batches import IN, REFUSED
from cancilleria.domains.apostille.queries.specimens import authority_for, tenure_of
from cancilleria.domains.apostille.rules import SIGNATURE_PROBLEMS, signature_problem
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import Problem, Request, procedures
from cancilleria.kernel.cases.queries import TRAY_POWER
from cancilleria.kernel.documents.rules import SignatureState
from cancilleria.kernel.organs.authority import Actor, Viewer
from cancilleria.kernel.people.models import Entity


def batches(*, viewer: Viewer) -> QuerySet[Batch]:
    """Batches whose cases the viewer may see, the newest first, with what came in and what was refused."""
    found = Batch.objects.select_related("entity", "entry").annotate(
        accepted=Count("items", filter=Q(items__state=IN)), refused=Count("items", filter=Q(items__state=REFUSED))
    )
    if f"{TRAY_POWER}*" not in viewer.powers:
        found = found.filter(organ=viewer.organ) if TRAY_POWER in viewer.powers else found.none()
    return found.order_by("-entry__recorded_at", "-pk")


def batch_for(batch: uuid.UUID, *, viewer: Viewer) -> Batch | None:
    """The batch, or None when it does not exist or is not the viewer's to see."""
    return batches(viewer=viewer).filter(pk=batch).first()


def documents_of(batch: Batch) -> QuerySet[BatchItem]:
    """Its documents with their cases: those refused first, by name."""
    return batch.items.select_related("case__entry").order_by("-state", "name", "pk")


def problems_of(batch: Batch, signature: SignatureState, answers: Mapping[str, str]) -> list[Problem]:
    """Why a document cannot be accepted: its signature, whose it is, the data sent with it; empty when it can."""
    specimen = authority_for(signature)
    code = signature_problem(signature, tenure_of(specimen) if specimen else None)
    if code:
        return [Problem("document", code, SIGNATURE_PROBLEMS[code])]
    if specimen is not None and specimen.entity_id != batch.entity_id:
        message = _("Lo firmó una autoridad de otra entidad: %(entity)s. Envíelo esa entidad en un lote suyo.")
        return [Problem("document", "other_entity", message % {"entity": specimen.entity.name})]
    procedure = procedures.get("apostille")
    return _not_answered(answers) or procedure.problems(Request(answers, {}, timezone.now().date()))


def _not_answered(answers: Mapping[str, str]) -> list[Problem]:
    """What the portal's own pages would ask again."""
    problems = []
    for page in procedures.get("apostille").pages:
        asked = replace(page, fields=tuple(f for f in page.fields if not f.attached))
        form = form_for(asked, data=dict(answers))
        for name, errors in form.errors.items():
            missing = "missing" if not answers.get(name) else "invalid"
            problems.append(Problem(name, f"{missing}_{name}", f"{form.fields[name].label}: {' '.join(errors)}"))
    return problems


def institution(entity: Entity) -> Actor:
    """The entity as an actor: it asks, as anybody may; it is no officer and holds no power."""
    return Actor(entity.key, name=entity.name)


def institutions() -> list[Entity]:
    """Entities whose officials sign by key: those that may send batches."""
    return list(
        Entity.objects.filter(specimens__withdrawn=False).exclude(specimens__fingerprint="").distinct().order_by("name")
    )

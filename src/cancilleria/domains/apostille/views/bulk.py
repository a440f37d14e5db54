"""Issuing in bulk: choose, look at exactly what was chosen, confirm once; then see what became of each case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.actions import bulk as codes
from cancilleria.domains.apostille.models import BulkItem
from cancilleria.domains.apostille.models.batches import ISSUED, MISSED, PENDING
from cancilleria.domains.apostille.rules import DESTINATION_PROBLEMS, EXCLUDED, KINDS, SIGNATURE_PROBLEMS
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import format_number
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.people.queries import states
from cancilleria.services.accounts.audience import audience, officers

# From so many on, the officer writes the number of cases: a press too many is not a signature.
MANY = 10
REASONS = {
    codes.RELIEVED: gettext_lazy("Quien confirmó ya no está en el puesto en que lo hizo. Confirme quien lo ocupa."),
    codes.NOT_AUTHORISED: gettext_lazy("El puesto de quien confirmó ya no puede emitir apostillas en esta oficina."),
    codes.CHANGED: gettext_lazy(
        "El expediente cambió después de confirmarlo. Ábralo y decida con lo nuevo a la vista."
    ),
    codes.DECIDED: gettext_lazy("El expediente ya se había resuelto, o espera a alguien. Ábralo para ver cómo está."),
    codes.FAILED: gettext_lazy("No se emitió por un fallo del sistema. Ábralo y emítalo por separado."),
    **SIGNATURE_PROBLEMS,
    **DESTINATION_PROBLEMS,
    **{f"excluded_{kind}": reason for kind, (_name, reason) in EXCLUDED.items()},
}
OUTCOMES = {
    PENDING: (gettext_lazy("por emitir"), "plain"), ISSUED: (gettext_lazy("emitida"), "ok"),
    MISSED: (gettext_lazy("no emitida"), "bad"),
}  # fmt: skip


@require_safe
@audience(officers("apostille.issued"))
def choose(request: HttpRequest) -> HttpResponse:
    """Cases in which nothing is left to look at, of an entity or of a batch when one is chosen."""
    return _choose(request)


@require_POST
@audience(officers("apostille.issued"))
def confirm(request: HttpRequest) -> HttpResponse:
    """Show exactly what was chosen; with `confirmar`, order it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen = _chosen(request.POST.getlist("case")[: queries.MOST_AT_ONCE], actor)
    if not chosen:
        return _choose(request, _("Marque al menos un expediente."))
    key = request.POST.get("key", "") or uuid.uuid4().hex
    problem = ""
    if "confirmar" in request.POST:
        if len(chosen) < MANY or request.POST.get("count", "").strip() == str(len(chosen)):
            return redirect("bulk_order", order=actions.order_issuing(actor=actor, cases=chosen, key=key).pk)
        problem = _("Escriba cuántas apostillas va a emitir: %(count)s.") % {"count": len(chosen)}
    unchanged = [case for case, seen in chosen if case.revision == seen]
    ready = queries.ready_among(unchanged)
    context = {
        "rows": _rows(ready), "count": len(ready), "key": key, "left": len(chosen) - len(ready), "problem": problem,
        "many": len(ready) >= MANY,
    }  # fmt: skip
    return render(request, "apostille/batch/confirm.html", context, status=422 if problem else 200)


@require_safe
@audience(officers("apostille.issued"))
def order(request: HttpRequest, order: uuid.UUID) -> HttpResponse:
    """What became of each confirmed case; those not yet issued are named so."""
    found = queries.order_for(order, viewer=request.actor)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    items = list(queries.items_of(found))
    tally = [(*OUTCOMES[kind], sum(item.outcome == kind for item in items)) for kind in OUTCOMES]
    context = {
        "order": found, "rows": [_outcome(item) for item in items], "tally": tally,
        "running": any(item.outcome == PENDING for item in items),
    }  # fmt: skip
    return render(request, "apostille/batch/order.html", context)


def _choose(request: HttpRequest, problem: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    entity, batch = request.GET.get("entidad", ""), _uuid(request.GET.get("lote", ""))
    everything = queries.issuable(viewer=actor)
    found: QuerySet[Case] = (
        queries.issuable(viewer=actor, entity=entity, batch=batch) if entity or batch else everything
    )
    held = list(found[: queries.MOST_AT_ONCE])
    ready = queries.ready_among(held)
    context = {
        "rows": _rows(ready), "count": len(ready), "others": len(held) - len(ready), "all": "todas" in request.GET,
        "entities": queries.institutions(), "batches": queries.senders(everything), "entity": entity,
        "batch": str(batch or ""), "full": len(held) == queries.MOST_AT_ONCE, "most": queries.MOST_AT_ONCE,
        "problem": problem, "orders": queries.orders_of(actor),
    }  # fmt: skip
    return render(request, "apostille/batch/choose.html", context, status=422 if problem else 200)


def _chosen(given: Sequence[str], actor: Actor) -> list[tuple[Case, int]]:
    """Cases and revisions as a page sent them, of those the officer may issue; anything else is left out."""
    seen = {}
    for text in given:
        case, _colon, revision = text.partition(":")
        found = _uuid(case)
        if found is not None and revision.isdigit():
            seen[found] = int(revision)
    return [(case, seen[case.pk]) for case in queries.issuable(viewer=actor).filter(pk__in=seen)]


def _rows(ready: Sequence[queries.Ready]) -> list[dict[str, object]]:
    names, kinds = dict(states()), {key: str(name) for key, name in KINDS.items()}
    return [
        {
            "case": found.case, "value": f"{found.case.pk}:{found.case.revision}", "specimen": found.specimen,
            "number": _number(found.case), "kind": kinds[found.case.answers["kind"]],
            "destination": names.get(found.case.answers["destination"], ""),
        }
        for found in ready
    ]  # fmt: skip


def _outcome(item: BulkItem) -> dict[str, object]:
    word, pill = OUTCOMES[item.outcome]
    issued = [queries.number_of(found.entry) for found in item.case.apostilles.all()] if item.outcome == ISSUED else []
    reason = REASONS.get(item.code, REASONS[codes.FAILED]) if item.code else ""
    return {
        "case": item.case, "number": _number(item.case), "word": word, "pill": pill, "reason": reason,
        "apostille": issued[0] if issued else "",
    }  # fmt: skip


def _number(case: Case) -> str:
    return format_number(case.entry.organ, case.entry.year, case.entry.number)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

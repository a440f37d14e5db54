"""What institutions sent together, and signing in bulk: choose, look once more, confirm exactly those, see what came of it."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Batch
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import number_of
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.people.queries import states
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.accounts.confirmation import ask_again, confirmed
from cancilleria.services.ui.cells import cell

POWER = "apostille.issued"
PAGE = 100
# From this many on, the officer writes how many they sign: a slip of the mouse signs nothing.
RETYPED_FROM = 20


@require_safe
@audience(officers(POWER))
def index(request: HttpRequest) -> HttpResponse:
    """Every batch and what became of its files."""
    page = Paginator(queries.batches(_actor(request)), PAGE).get_page(request.GET.get("pagina"))
    return render(request, "apostille/batch/index.html", {"page": page})


@require_safe
@audience(officers(POWER))
def batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """One batch: its files, each with its case or with what keeps it from being one."""
    found = _batch(request, batch)
    items = found.items.select_related("case__entry").order_by("case", "name")
    page = Paginator(items, PAGE).get_page(request.GET.get("pagina"))
    rows = [(item, number_of(item.case) if item.case else "") for item in page]
    return render(request, "apostille/batch/batch.html", {"batch": found, "rows": rows, "page": page})


@require_safe
@audience(officers(POWER))
@confirmed
def report(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """The batch as CSV: file, digest, case, reason."""
    found, out = _batch(request, batch), io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["archivo", "sha256", "expediente", "motivo"])
    for item in found.items.select_related("case__entry").order_by("name"):
        rows.writerow([cell(item.name), item.sha256, number_of(item.case) if item.case else "", cell(item.message)])
    headers = {"Content-Disposition": f'attachment; filename="lote-{found.pk}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(POWER))
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Choose among what waits, then look at exactly those once more and confirm. Without a choice nothing happens."""
    actor = _actor(request)
    chosen = _chosen(request.POST.getlist("case"))
    again = ask_again(request) if request.POST.get("do") == "sign" else None
    if again:
        return again
    if request.method == "POST" and chosen:
        return _confirm(request, actor, chosen)
    batch = str(_uuid(request.GET.get("lote", "")) or "")
    entity = request.GET.get("entidad", "")
    page = Paginator(queries.waiting(actor, batch=batch, entity=entity), PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page, "rows": _rows(list(page)), "batch": batch, "entity": entity, "entities": queries.entities(), "all": "todas" in request.GET,
        "problem": translate("Elija al menos un expediente.") if request.method == "POST" else "",
    }  # fmt: skip
    return render(request, "apostille/batch/bulk.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@audience(officers(POWER))
def order(request: HttpRequest, order: uuid.UUID) -> HttpResponse:
    """What came of an order: how far it is, and each case with its certificate or the reason why not."""
    found = queries.order_for(order, viewer=_actor(request))
    if found is None:
        raise Http404
    items = found.items.select_related("case__entry")
    context = {"order": found, "tally": queries.tally_of(found), "rows": [(i, number_of(i.case)) for i in items]}
    return render(request, "apostille/batch/order.html", context)


def _confirm(request: HttpRequest, actor: Actor, chosen: Mapping[uuid.UUID, int]) -> HttpResponse:
    """The second look; ordered when it is confirmed, and when it is many, with their number written."""
    known = queries.order_of(actor, request.POST.get("key", ""))
    if known is not None:
        return redirect("bulk_order", order=known.pk)
    waiting = queries.waiting(actor, cases=list(chosen))[: actions.MOST_TOGETHER]
    cases = [case for case in waiting if case.revision == chosen[case.pk]]
    rows = _rows(cases)
    fit = [row["ready"].case for row in rows if not row["ready"].problem]
    retype = len(fit) >= RETYPED_FROM
    told, key = "", request.POST.get("key", "") or uuid.uuid4().hex
    if request.POST.get("do") == "sign":
        if not fit or request.POST.get("fit") != str(len(fit)):
            told = translate("Algo cambió mientras usted lo veía. Revise la lista y confirme de nuevo.")
        elif retype and request.POST.get("count", "").strip() != str(len(fit)):
            told = translate("Escriba cuántas apostillas va a firmar: son %(n)d.") % {"n": len(fit)}
        else:
            return redirect("bulk_order", order=actions.order_signing(actor=actor, cases=fit, key=key).pk)
    context = {"rows": rows, "fit": fit, "retype": retype, "problem": told, "left_out": len(chosen) - len(fit)}
    context["key"] = key
    return render(request, "apostille/batch/confirm.html", context, status=422 if told else 200)


def _rows(cases: Sequence[Case]) -> list[dict[str, object]]:
    names = dict(states())
    return [
        {
            "ready": found,
            "number": number_of(found.case),
            "destination": names.get(found.case.answers.get("destination", ""), ""),
        }
        for found in queries.ready(cases)
    ]


def _batch(request: HttpRequest, batch: uuid.UUID) -> Batch:
    found = queries.batches(_actor(request)).filter(pk=batch).first()
    if found is None:
        raise Http404
    return found


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _chosen(texts: Sequence[str]) -> dict[uuid.UUID, int]:
    """Cases as the page sends them, each with the revision it showed."""
    split = [text.partition(":") for text in texts]
    return {
        found: int(seen) for case, _colon, seen in split if seen.isdigit() and (found := _uuid(case)) is not None
    }  # fmt: skip


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

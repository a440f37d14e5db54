"""Receipt and tracking: number and code let a person follow their case, without an account."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cancilleria.domains.apostille.actions import ON_PAPER
from cancilleria.domains.apostille.models import Apostille
from cancilleria.domains.apostille.queries import apostilles_of, downloadable, evidence_pack
from cancilleria.domains.apostille.queries import number_of as apostille_number
from cancilleria.domains.apostille.views import packs
from cancilleria.kernel.cases import clock, queries
from cancilleria.kernel.cases.actions import deliver_case
from cancilleria.kernel.cases.desk import withheld
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import (
    ADVERSE,
    DELIVERED,
    FAVOURABLE,
    NOTIFIED,
    OBSERVED,
    OPEN_STATES,
    OUTCOME_NAMES,
    READY,
    RUNNING,
    STATE_NAMES,
    UNCLAIMED,
)
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today, name_of
from cancilleria.kernel.register.queries import history
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.fees import queries as fees
from cancilleria.services.fees.tariff import in_words
from cancilleria.services.seals.qr import qr_svg
from cancilleria.services.signing.compose import compose
from cancilleria.site import holder

RECEIPT = Path(__file__).resolve().parents[1] / "templates" / "site" / "receipt.typ"
TRIES, SECONDS = 12, 600
# Acts of the office among itself, which whoever asked is not told.
INTERNAL = frozenset({"case.noted", "case.assigned"})


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def find(request: HttpRequest) -> HttpResponse:
    """Ask for number and code. Wrong code and unknown number give the same answer."""
    problem = ""
    if request.method == "POST":
        number, code = request.POST.get("number", ""), request.POST.get("code", "")
        within = allowed("track", holder.address(request), times=60, seconds=SECONDS)
        if not within or not allowed("track-number", number.strip().upper(), times=TRIES, seconds=SECONDS):
            problem = _("Hubo demasiados intentos. Espere diez minutos y vuelva a probar.")
        elif (found := queries.track(number, code)) is not None:
            return holder.hold(redirect("case", case=found.case.pk), request, found.case.pk)
        else:
            problem = _(
                "No encontramos un trámite con ese número y ese código. Revíselos en su constancia y vuelva a escribirlos."
            )
    return render(request, "site/tracking/find.html", {"problem": problem}, status=422 if problem else 200)


@require_safe
@audience(EVERYONE)
def receipt(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The receipt of a submission: number, date, hour, code, and what happens next."""
    found = _case(request, case)
    return render(request, "site/tracking/receipt.html", _facts(found))


@require_safe
@audience(EVERYONE)
def receipt_pdf(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The same receipt on paper."""
    return receipt_of(_case(request, case))


@require_safe
@audience(EVERYONE)
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Where the case is, what it waits for, and its deliverable once there is one."""
    found = _case(request, case)
    issued = [
        {"apostille": a, "number": apostille_number(a.entry), "ready": downloadable(a) is not None}
        for a in _files(found)
    ]
    context = _facts(found) | {
        "issued": issued, "window": found.procedure in ON_PAPER, "history": [line for line in history(f"case:{found.pk}") if line.entry.verb not in INTERNAL], "denied": found.outcome in ADVERSE,
        "withheld": withheld(found), "signing": found.state == NOTIFIED and found.outcome in FAVOURABLE and found.appeals_id is None,
        "ready": found.state in (READY, DELIVERED, UNCLAIMED), "running": found.state in RUNNING,
        "may_withdraw": found.state in OPEN_STATES, "observed": found.state == OBSERVED,
        "may_appeal": clock.may_appeal(found, local_today(Organ.objects.get(pk=found.organ))),
    }  # fmt: skip
    return render(request, "site/tracking/case.html", context)


@require_POST
@audience(EVERYONE)
def download(request: HttpRequest, case: uuid.UUID, apostille: uuid.UUID) -> HttpResponse:
    """The signed document. The first download is the delivery."""
    found, chosen = _issued(request, case, apostille)
    version = downloadable(chosen)
    if version is None:
        raise Http404
    _hand_over(found)
    headers = {
        "Content-Disposition": f'attachment; filename="apostilla-{apostille_number(chosen.entry)}.pdf"',
        "Content-Security-Policy": "sandbox", "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content(version), content_type="application/pdf", headers=headers)


@require_POST
@audience(EVERYONE)
def evidence(request: HttpRequest, case: uuid.UUID, apostille: uuid.UUID) -> HttpResponse:
    """The signed document with all that proves it. It delivers as the document alone does."""
    found, chosen = _issued(request, case, apostille)
    data = evidence_pack(chosen)
    if data is None:
        raise Http404
    _hand_over(found)
    return packs.answer(data, apostille_number(chosen.entry))


def _issued(request: HttpRequest, case: uuid.UUID, apostille: uuid.UUID) -> tuple[Case, Apostille]:
    found = _case(request, case)
    chosen = next((a for a in _files(found) if a.pk == apostille), None)
    if chosen is None:
        raise Http404
    return found, chosen


def _hand_over(found: Case) -> None:
    if found.state == READY:
        deliver_case(actor=CITIZEN, case=found)


def receipt_of(found: Case) -> HttpResponse:
    """The receipt of a case on paper: at the portal for who holds the code, at the counter for the officer to hand over."""
    facts = _facts(found)
    filed = timezone.localtime(found.filed_at, _zone(found))
    data = {
        "number": facts["number"], "code": facts["code"], "title": facts["title"], "organ": facts["organ"],
        "filed": facts["filed"], "due": date_format(found.due_on, "DATE_FORMAT"), "explanation": facts["explanation"],
        "address": settings.ADDRESS, "ministry": in_language(ministry().name), "demonstration": settings.DEMONSTRATION,
        "folios": found.documents.count(), "date": [filed.year, filed.month, filed.day], "words": _words(),
        "language": (get_language() or "es")[:2],
    }  # fmt: skip
    files = {
        "data.json": json.dumps(data, ensure_ascii=False, default=str).encode(),
        "qr.svg": qr_svg(f"{settings.ADDRESS}/seguimiento/"),
    }
    document = compose(RECEIPT.read_bytes(), files)
    headers = {"Content-Disposition": f'attachment; filename="constancia-{facts["number"]}.pdf"'}
    return HttpResponse(document.data, content_type="application/pdf", headers=headers)


def _files(found: Case) -> list[Apostille]:
    """What is delivered as a file; what is joined to paper is handed over at the window."""
    return [] if found.procedure in ON_PAPER else apostilles_of(found)


def _case(request: HttpRequest, case: uuid.UUID) -> Case:
    if not holder.holds(request, case):
        raise Http404
    return Case.objects.select_related("entry", "version").get(pk=case)


def _facts(found: Case) -> dict[str, object]:
    order = fees.live_order(found.pk)
    filed = timezone.localtime(found.filed_at, _zone(found))
    return {
        "case": found, "number": queries.number_of(found), "code": queries.tracking_code(found.pk),
        "title": queries.norm_of(found.version).text("title"), "organ": name_of(found.organ),
        "filed": f"{date_format(filed, 'DATE_FORMAT')}, {filed:%H:%M} ({found.zone})", "due": found.due_on,
        "state": STATE_NAMES[found.state], "outcome": OUTCOME_NAMES.get(found.outcome, ""), "reason": found.reason,
        "reason_asked": found.asked_reason, "answer_by": found.answer_by, "lapsed": found.lapsed,
        "explanation": queries.term_of(found).explanation(), "paid": order is not None and order.receipt is not None,
        "paying": order is not None and fees.under_way(order) is not None,
        "owed": in_words(order.total, order.currency) if order is not None and order.receipt is None else "",
    }  # fmt: skip


def _zone(found: Case) -> ZoneInfo:
    return ZoneInfo(found.zone)


def _words() -> dict[str, str]:
    """The receipt's labels, in the reader's language."""
    return {
        "receipt": _("Constancia de recepción"), "number": _("Número"), "code": _("Código secreto"),
        "filed": _("Presentada el"), "procedure": _("Trámite"), "organ": _("Lo atiende"), "due": _("Vence el"),
        "documents": _("Documentos recibidos"),
        "follow": _("Siga su trámite con el número y el código en"),
        "keep": _("Guarde esta constancia: quien tenga el número y el código puede ver el trámite y descargar el documento."),
        "demonstration": _("Demostración: sin valor."),
    }  # fmt: skip

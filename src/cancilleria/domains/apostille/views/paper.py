"""The desk of paper: scan and specimen side by side; compare, issue on a form, print; ask for a signature not on file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import actions, forms, queries
from cancilleria.domains.apostille.models import Apostille, AskedSpecimen, Form, Legalisation
from cancilleria.domains.apostille.views import letters
from cancilleria.domains.apostille.views.annulments import WAITS, annul, told
from cancilleria.domains.apostille.views.desk import DECIDES
from cancilleria.kernel.cases import desk
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.actions import NotAcceptable
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import DATE, Field, procedures
from cancilleria.kernel.cases.rules import RUNNING, CannotFollow, ChangedMeanwhile
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.queries import content, inspection_of, latest
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.actions import NotThen, SlipTaken, WhyMissing
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.pads import Late, blank_slips, slip_name, slip_of
from cancilleria.kernel.organs.pairs import AlreadyAsked, needs_second, open_for
from cancilleria.kernel.register.queries import status_of
from cancilleria.services.accounts.audience import audience, officers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN_PAGES = 20
Certificate = Apostille | Legalisation


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk"))
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The case, its scan beside the signatures it may bear, and the lawful acts. A foreign one is not found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, result = _case(case, actor), desk.Result(True)
    if request.method == "POST":
        result = _act(request, actor, found)
        if result.done:
            messages.success(request, told(request, f"{_kind(found)}.annulled"))
            return redirect("certificate_case", case=found.pk)
        found = _case(case, actor)
    note_read(actor=actor, what="case", subject=f"case:{found.pk}")
    context = desk.context(found, actor, result, failed=request.POST.get("act", ""))
    context |= _compared(found, request) | _issued(found, actor, request) | {"asking": _asking(found, request)}
    return render(request, "apostille/desk/paper.html", context, status=200 if result.done else 422)


@require_safe
@audience(officers("desk.cases"))
def file(request: HttpRequest, case: uuid.UUID, certificate: uuid.UUID) -> HttpResponse:
    """The signed certificate, to be printed on its form and joined to the document."""
    found = next((c for c in queries.certificates_of(_case(case, _actor(request))) if c.pk == certificate), None)
    version = queries.downloadable(found) if found else None
    if found is None or version is None:
        raise Http404
    name = f"{queries.purpose_of(found.entry)}-{queries.number_of(found.entry)}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content(version), content_type="application/pdf", headers=headers)


@require_safe
@audience(officers("desk.cases"))
def letter(request: HttpRequest, case: uuid.UUID, asked: uuid.UUID) -> HttpResponse:
    """The letter that asks an entity for a signature."""
    found = AskedSpecimen.objects.filter(pk=asked, case=_case(case, _actor(request))).select_related("entry").first()
    if found is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="pedido-de-firma.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(letters.ask(found), content_type="application/pdf", headers=headers)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _case(case: uuid.UUID, actor: Actor) -> Case:
    found = cases.case_for(case, viewer=actor)
    if found is None or found.procedure not in actions.ON_PAPER or found.appeals_id:
        raise Http404
    return Case.objects.select_related("entry", "applicant", "version").get(pk=found.pk)


def _act(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    """Run the chosen act: one of paper, or one that every case has."""
    seen = request.POST.get("seen", "")
    if "act" in request.POST:
        return desk.perform(request.POST["act"], actor, found, request.POST, int(seen) if seen.isdigit() else -1)
    if cases.decided_by(found, actor.key, DECIDES.get(request.POST.get("do", ""))):
        return desk.Result(True)
    try:
        with transaction.atomic():
            return _OWN.get(request.POST.get("do", ""), _unknown)(request, actor, found)
    except NotAcceptable as error:
        return desk.Result(False, " ".join(str(problem.message) for problem in error.problems))
    except Refused as refused:
        return desk.Result(False, str(refused.message))
    except tuple(PROBLEMS) as error:
        return desk.Result(False, str(PROBLEMS[type(error)]))


def _issue(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    form = _issue_form(found, request)
    if not form.is_valid():
        return desk.Result(False, form=form)
    specimen = queries.specimen(form.cleaned_data["specimen"])
    if specimen is None:
        return _unknown(request, actor, found)
    blank = form.cleaned_data["form"]
    actions.issue_on_paper(
        actor=actor, case=found, specimen=specimen, comparison=form.comparison,
        form=Form.objects.get(pk=blank) if blank else None, late=_late(form, found),
    )  # fmt: skip
    return desk.Result(True)


def _late(form: forms.IssueForm, found: Case) -> Late | None:
    """What the form says of a contingency pad: the act was done there, in the office's own time."""
    given = form.cleaned_data
    if not given["slip"]:
        return None
    sheet = take_in(given["sheet"].read(), title=translate("Hoja de contingencia"))
    version = latest(sheet)
    at = datetime.combine(given["day"], given["time"], ZoneInfo(found.zone))
    slip = blank_slips(found.organ).get(pk=given["slip"])
    return Late(slip, at, given["why"], sheet.pk, version.blob_id if version else "")


def _refuse(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    actions.refuse_apostille(actor=actor, case=found, reason=request.POST.get("reason", ""))
    return desk.Result(True)


def _ask(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    form = forms.AskForm(request.POST, prefix="ask")
    if not form.is_valid():
        return desk.Result(False, form=form)
    actions.ask_specimen(actor=actor, case=found, **form.cleaned_data)
    return desk.Result(True)


def _change(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    """Annul, correct, or give another form to a certificate of the case."""
    chosen = next((c for c in queries.certificates_of(found) if str(c.pk) == request.POST.get("certificate")), None)
    form = Form.objects.filter(pk=_uuid(request.POST.get("form", ""))).first()
    reason = request.POST.get("reason", "")
    match request.POST["do"], chosen:
        case "annul", Legalisation() | Apostille():
            annul(actor, chosen, reason)
        case "correct", Legalisation() if form:
            actions.correct_legalisation(actor=actor, legalisation=chosen, reason=reason, form=form)
        case "correct", Apostille():
            actions.correct_apostille(actor=actor, apostille=chosen, reason=reason, form=form)
        case "spoil", Legalisation() | Apostille() if form and (used := queries.form_of(chosen)):
            actions.spoil_form(actor=actor, form=used, reason=reason, instead=form)
        case _:
            raise actions.FormMissing
    return desk.Result(True)


def _unknown(request: HttpRequest, actor: Actor, found: Case) -> desk.Result:
    return desk.Result(False, translate("Elija una de las acciones de la página."))


_OWN: Mapping[str, Callable[[HttpRequest, Actor, Case], desk.Result]] = {
    "issue": _issue, "refuse": _refuse, "ask": _ask, "annul": _change, "correct": _change, "spoil": _change,
}  # fmt: skip
PROBLEMS: Mapping[type[Exception], StrOrPromise] = {
    actions.ReasonMissing: _("Escriba el motivo: la persona interesada lo leerá."),
    actions.FormReasonMissing: _("Escriba por qué se inutiliza el formulario."),
    actions.FormTaken: _("Ese formulario ya no está en blanco. Elija otro y repita."),
    actions.FormMissing: _("Elija el formulario en que se imprime. Si no queda ninguno, recíbalos antes."),
    actions.NotCompared: _("Diga qué comparó antes de emitir."),
    SlipTaken: _("Esa hoja de contingencia ya se usó o se inutilizó. Elija otra y repita."),
    NotThen: _("Escriba el día y la hora en que se hizo: después de recibir el talonario y antes de ahora."),
    WhyMissing: _("Escriba por qué no pudo asentarse en su momento."),
    CannotFollow: _("Otra persona atendió este expediente antes. La página muestra cómo quedó."),
    ChangedMeanwhile: _("Otra persona actuó en este expediente. Lea qué hizo y repita si aún procede."),
    AlreadyAsked: WAITS,
    NotAuthorised: _("Su puesto no le permite hacer esto en este expediente."),
    IntegrityError: _("Ya se corrigió o anuló antes. La página muestra cómo quedó."),
}


def _issue_form(found: Case, request: HttpRequest) -> forms.IssueForm:
    """The signatures found by the officer's words or by the document's last signature; on pressing, every eligible one."""
    pressed = request.method == "POST" and request.POST.get("do") == "issue"
    specimens = list(queries.eligible(found)) if pressed else queries.candidates(found, _words(found, request))
    blank, slips = queries.blank_forms(found.organ), [(str(s.pk), slip_name(s)) for s in blank_slips(found.organ)[:200]]
    return forms.IssueForm(specimens, blank, slips, *((request.POST, request.FILES) if pressed else ()))


def _words(found: Case, request: HttpRequest) -> str:
    parts = queries.parts_of(found)
    return request.GET.get("firma", "")[:100] or (parts[-1].name if parts else "")


def _compared(found: Case, request: HttpRequest) -> dict[str, object]:
    """The scan, what the window wrote of it, and the registered signatures to compare with."""
    held = found.documents.select_related("document").get(field="document")
    form, chosen = _issue_form(found, request), request.POST.get("specimen", "")
    specimens = queries.candidates(found, _words(found, request))
    fields = [f for f in procedures.get(found.procedure).fields() if not f.attached and found.answers.get(f.name)]
    labels = {f.name: dict(f.choices()) if f.choices else {} for f in fields}
    return {
        "running": found.state in RUNNING, "held": held, "words": request.GET.get("firma", ""), "form": form,
        "reason": request.POST.get("reason", "") if request.POST.get("do") == "refuse" else "", "pages": range(1, min(inspection_of(held.document).pages, SHOWN_PAGES) + 1), "specimens": specimens,
        "slips": len(form.fields["slip"].choices) > 1, "prior": _prior(found), "chosen": chosen,
        "matched": queries.matches(found, _words(found, request)), "parts": queries.parts_of(found),
        "rows": [
            (f.label, labels[f.name].get(found.answers[f.name]) or _shown(f, found.answers[f.name]))
            for f in fields
            if f.name != "parts"
        ],
    }  # fmt: skip


def _prior(found: Case) -> dict[str, object] | None:
    """The consul's legalisation that the case builds on, as its entry tells it and as it stands today."""
    prior = queries.find_legalisation(found.answers.get("consular_number", ""))
    if prior is None:
        return None
    return {
        "number": queries.number_of(prior.entry), "fields": queries.fields_of(prior.entry),
        "on": queries.issued_on(prior.entry), "status": status_of(prior.entry),
    }  # fmt: skip


def _shown(asked: Field, text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if asked.kind == DATE else text


def _slip(certificate: Certificate) -> str:
    found = slip_of(certificate.entry)
    return slip_name(found) if found else ""


def _issued(found: Case, actor: Actor, request: HttpRequest) -> dict[str, object]:
    """Certificates with their status and form, and what this actor may do with them."""
    kind = _kind(found)
    blank = queries.blank_forms(found.organ)
    rows = [
        {
            "certificate": c, "number": queries.number_of(c.entry), "status": status_of(c.entry),
            "signed": queries.downloadable(c) is not None, "sheet": queries.form_of(c), "slip": _slip(c),
            "waits": open_for(f"{kind}.annulled", f"{kind}:{c.pk}") is not None,
            "change": forms.InsteadForm(blank, _typed(request, c, "annul", "correct"), prefix=f"change-{place}"),
            "spoil": forms.InsteadForm(blank, _typed(request, c, "spoil"), prefix=f"spoil-{place}"),
        }
        for place, c in enumerate(queries.certificates_of(found))
    ]  # fmt: skip
    return {
        "issued": rows, "kind": kind, "two_persons": needs_second(f"{kind}.annulled"), "may_issue": actor.may(f"{kind}.issued", found.organ),
        "may_annul": actor.may(f"{kind}.annulled", found.organ),
        "may_correct": actor.may(f"{kind}.corrected", found.organ),
        "may_spoil": actor.may("form.spoiled", found.organ), "asked": found.asked_specimens.select_related("specimen"),
        "may_register": actor.may("specimen.registered"),
    }  # fmt: skip


def _kind(found: Case) -> str:
    """What its procedure issues."""
    return "legalisation" if actions.ON_PAPER[found.procedure] else "apostille"


def _typed(request: HttpRequest, certificate: Certificate, *acts: str) -> object:
    """What was typed of one certificate's act, so that nothing is lost when it cannot be done."""
    mine = request.POST.get("certificate") == str(certificate.pk) and request.POST.get("do") in acts
    return request.POST if mine else None


def _asking(found: Case, request: HttpRequest) -> forms.AskForm:
    if request.POST.get("do") == "ask":
        return forms.AskForm(request.POST, prefix="ask")
    parts = queries.parts_of(found)
    return forms.AskForm(prefix="ask", initial=vars(parts[-1]) if parts else {})


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return queries.NOBODY

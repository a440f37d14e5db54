"""What whoever holds number and code may do while a case lives: correct, withdraw, appeal."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases import clock, queries
from cancilleria.kernel.cases.actions import File, NotAcceptable, appeal_case, correct_case, withdraw_case
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import LONG_TEXT, Field, Page, procedures
from cancilleria.kernel.cases.rules import OBSERVED, OPEN_STATES, CannotFollow
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site import holder


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def correct(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Answer again exactly what the office asked to correct."""
    found = _held(request, case)
    if found.state != OBSERVED:
        raise Http404
    asked = tuple(f for f in procedures.get(found.procedure).fields() if f.name in found.asked)
    page = Page("corregir", _("Corrija su solicitud"), asked)
    form = form_for(page, data=request.POST or None, files=request.FILES or None, initial=found.answers)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answers = {f.name: str(given.get(f.name) or "").strip() for f in asked if not f.attached}
        files = {f.name: File(given[f.name].name[:120], given[f.name].read()) for f in asked if f.attached}
        try:
            correct_case(actor=CITIZEN, case=found, answers=answers, files=files)
            return redirect("case", case=found.pk)
        except NotAcceptable as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
        except Refused as refused:
            form.add_error(next(iter(files)), refused.message)
        except CannotFollow:
            raise Http404 from None
    context = {
        "case": found, "form": form, "number": queries.number_of(found), "has_file": any(f.attached for f in asked),
    }  # fmt: skip
    return render(request, "site/tracking/correct.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def withdraw(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Confirm that the request is no longer wanted."""
    found = _held(request, case)
    if found.state not in OPEN_STATES:
        raise Http404
    if request.method == "POST":
        try:
            withdraw_case(actor=CITIZEN, case=found)
        except CannotFollow:
            raise Http404 from None
        return redirect("case", case=found.pk)
    return render(request, "site/tracking/withdraw.html", {"case": found, "number": queries.number_of(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def appeal(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Say why the decision should be reviewed. The appeal is a case of its own, with its number and code."""
    found = _held(request, case)
    if not clock.may_appeal(found, local_today(Organ.objects.get(pk=found.organ))):
        raise Http404
    grounds = Field("grounds", _("¿Por qué pide que se revise la decisión?"), LONG_TEXT)
    form = form_for(Page("apelar", _("Apelar"), (grounds,)), data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = appeal_case(actor=CITIZEN, case=found, grounds=form.cleaned_data["grounds"])
        except CannotFollow:
            raise Http404 from None
        return holder.hold(redirect("receipt", case=made.pk), request, made.pk)
    context = {"case": found, "form": form, "number": queries.number_of(found)}
    return render(request, "site/tracking/appeal.html", context, status=422 if form.errors else 200)


def _held(request: HttpRequest, case: uuid.UUID) -> Case:
    if not holder.holds(request, case):
        raise Http404
    return Case.objects.select_related("entry", "version").get(pk=case)

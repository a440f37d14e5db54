"""What an organ tells of itself: months without acts, and values by hand with their evidence."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.models import Version
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.indicators.actions import HasActs, NotYet, enter_value, report_nothing
from cancilleria.kernel.indicators.models import ManualValue
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.figures.calendar import this_month
from cancilleria.site.figures.hand import ValueForm, entered, manual_of
from cancilleria.site.figures.months import months_told
from cancilleria.site.views.board import indicator_of
from cancilleria.site.views.board_files import attached


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.indicators"))
def months(request: HttpRequest) -> HttpResponse:
    """The officer's organ month by month; a month without a word is told to have had no acts."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = actor.organ or ""
    if request.method == "POST":
        try:
            report_nothing(
                actor=actor, indicator=indicator_of(request.POST.get("indicator", "")), organ=organ,
                month=_month(request.POST.get("month", "")),
            )  # fmt: skip
            messages.success(request, _("Quedó asentado: ese mes no hubo actos."))
        except HasActs:
            messages.error(request, _("No se asentó: el registro tiene actos de ese mes. Revise la tabla."))
        except NotYet:
            messages.error(request, _("No se asentó: el mes no ha terminado y todavía puede haber actos."))
        except NotAuthorised:
            raise Http404 from None
        return redirect("own_months")
    told = months_told(organ, this_month())
    context = {
        "told": told,
        "heads": [cell.indicator for cell in told[0][1]],
        "may": actor.may("month.reported", organ),
    }
    return render(request, "site/desk/months.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.indicators"))
def values(request: HttpRequest) -> HttpResponse:
    """Every value entered by hand, and the form for whoever may enter one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    among, now, form = manual_of(actor.organ or ""), this_month(), None
    if actor.may("value.entered", actor.organ) and among:
        form = ValueForm(request.POST or None, request.FILES or None, among=among, now=now)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _enter(actor, form):
            messages.success(request, _("Quedó anotado con su sustento."))
            return redirect("own_values")
    reach = actor.may("desk.indicators", "elsewhere")
    context = {"form": form, "rows": entered(organ="" if reach else actor.organ or "-")}
    return render(request, "site/desk/values.html", context, status=422 if form is not None and form.errors else 200)


@require_safe
@audience(officers("desk.indicators"))
def evidence(request: HttpRequest, value: int) -> HttpResponse:
    """The document that supports a value, to whoever may open the figures of its organ."""
    held = get_object_or_404(ManualValue, pk=value)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may("desk.indicators", held.organ):
        raise Http404
    version = Version.objects.select_related("blob").filter(blob_id=held.evidence).first()
    if version is None:
        raise Http404
    answer = attached(content(version), version.blob.media_type, f"sustento-{held.indicator}-{held.month:%Y-%m}.pdf")
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


def _enter(actor: Actor, form: ValueForm) -> bool:
    """Keep the document, enter the value; what is refused is told beside its field, and nothing typed is lost."""
    given = form.cleaned_data
    found = indicator_of(given["indicator"])
    try:
        document = take_in(given["evidence"].read(), title=f"{found.code} {given['month']}")
        sha256 = document.versions.get().blob_id
        enter_value(
            actor=actor, indicator=found, organ=actor.organ or "", month=date.fromisoformat(given["month"]),
            value=given["value"], evidence=sha256,
        )  # fmt: skip
    except Refused as refused:
        form.add_error("evidence", refused.message)
        return False
    except NotAuthorised:
        raise Http404 from None
    return True


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text).replace(day=1)
    except ValueError:
        raise Http404 from None

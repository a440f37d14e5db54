"""Closing a period and publishing what was closed: each shown before it is done, because neither is undone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.indicators.actions import NothingToClose, close_period, publish_period
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.expectations import expected
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.published import public_cells
from cancilleria.kernel.indicators.suppression import CannotBeHidden
from cancilleria.kernel.indicators.values import silent, values_of
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.queries import name_of, names_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.figures.calendar import asked, ended, head_in_words, this_month
from cancilleria.site.figures.words import in_words, last_day, sealed_in_words, with_unit
from cancilleria.site.views.board import indicator_of


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.indicators"))
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm and close a period, of the ministry or of one organ."""
    found, now = indicator_of(key), this_month()
    text, chosen = asked(request, now)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = request.GET.get("organo", "")
    if not actor.may("period.closed", organ or ministry().headquarters):
        raise Http404
    back = f"/despacho/indicadores/{key}/?periodo={text}" + (f"&organo={organ}" if organ else "")
    if request.method == "POST":
        try:
            close_period(actor=actor, indicator=found, period=chosen, organ=organ)
        except (NotAuthorised, NothingToClose):
            raise Http404 from None
        messages.success(request, _("Quedó cerrado y asentado en el registro."))
        return redirect(back)
    values = values_of([found], Scope(chosen.start, chosen.end))
    quiet = silent([found], values, {key: expected(key)}, ended(chosen, now))[key]
    late = sorted(names_of({o for o, _month in quiet if organ in ("", o)}).values())
    context = {
        "indicator": found, "period": text, "organ_name": name_of(organ) if organ else "", "head": head_in_words(),
        "shown": with_unit(found, in_words(found, values.figure(found, chosen, organ))),
        "late": late, "running": chosen.end > now, "back": back,
    }  # fmt: skip
    return render(request, "site/desk/close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.indicators"))
def publish(request: HttpRequest, key: str, closure: int) -> HttpResponse:
    """Confirm and publish a closed period: what everybody will see, and how much of it is hidden."""
    found, held = indicator_of(key), get_object_or_404(Closure, pk=closure, indicator=key)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if held.organ or not actor.may("period.published", ministry().headquarters):
        raise Http404
    problem, hidden, cells = "", 0, 0
    try:
        if request.method == "POST":
            publish_period(actor=actor, closure=held)
            messages.success(request, _("Quedó publicado y asentado en el registro."))
            return redirect("indicator", key=key)
        made = public_cells(held)
        hidden, cells = sum(cell.counts is None for cell in made), len(made)
    except NotAuthorised:
        raise Http404 from None
    except CannotBeHidden:
        problem = _("No se puede publicar: lo publicado antes permitiría deducir una cifra menor de 5.")
    context = {
        "indicator": found, "closure": held, "last": last_day(held), "hidden": hidden, "cells": cells,
        "problem": problem, "shown": with_unit(found, sealed_in_words(held, found)),
    }  # fmt: skip
    return render(request, "site/desk/publish.html", context, status=422 if problem else 200)

"""Who may do what at an office and why: the page of its head."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_safe

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.matrix import Matrix, matrix_of
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today, name_of
from cancilleria.kernel.people.rules import fold
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.offices import WHY, person
from cancilleria.site.powers import label_of


@require_safe
@audience(officers("desk.office"))
def matrix(request: HttpRequest) -> HttpResponse:
    """Who may do what here and why, today or on `?dia=`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = Organ.objects.get(pk=actor.organ)
    today = local_today(found)
    text = request.GET.get("dia", "")
    try:
        day, problem = date.fromisoformat(text) if text else today, ""
    except ValueError:
        day, problem = today, translate("Escriba el día como año-mes-día, por ejemplo 2026-03-05.")
    told = matrix_of(found, day)
    context = {
        "name": name_of(found.key), "day": day, "today": today, "problem": problem,
        "people": [person(holder) for holder in told.holders], "rows": _rows(told), "limit": told.limit,
    }  # fmt: skip
    return render(request, "site/desk/office_matrix.html", context, status=422 if problem else 200)


def _rows(told: Matrix) -> list[dict[str, object]]:
    """One row for each power, by its words, with what each person may and why."""
    rows = [
        {
            "label": str(label_of(power)), "two": power in house_rules().two_persons,
            "cells": [
                {"who": h.name, "why": WHY.get(h.whys.get(power, ""), ""), "may": h.may(power)} for h in told.holders
            ],
        }
        for power in told.powers
    ]  # fmt: skip
    return sorted(rows, key=lambda row: fold(str(row["label"])))

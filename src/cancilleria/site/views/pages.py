"""Public pages: home, procedures, missions, register of acts, and the two statements."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from cancilleria.kernel.cases.queries import offered
from cancilleria.kernel.organs.models import Organ, OrganName
from cancilleria.kernel.organs.queries import open_organs
from cancilleria.kernel.people.rules import fold
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import head, sentence_of
from cancilleria.kernel.register.verbs import verbs
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.log import WITNESS_NAME
from cancilleria.site.older import older
from cancilleria.site.situations import situations


@require_safe
@audience(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html", {"situations": situations()})


@require_safe
@audience(EVERYONE)
def procedures(request: HttpRequest) -> HttpResponse:
    """Procedures, found in everyday words."""
    text = request.GET.get("q", "")[:100]
    wanted = fold(text).split()
    rows = []
    for norm in offered():
        found = fold(" ".join([norm.text("title"), norm.text("summary"), *norm.words]))
        if all(word[: max(4, len(word) - 2)] in found for word in wanted):
            rows.append({"key": norm.key, "title": norm.text("title"), "summary": norm.text("summary")})
    return render(request, "site/procedures.html", {"rows": rows, "text": text})


@require_safe
@audience(EVERYONE)
def missions(request: HttpRequest) -> HttpResponse:
    """The network: every open organ with its city, hours and source."""
    language = (translation.get_language() or "es")[:2]
    names = dict(OrganName.objects.filter(language=language, to_date=None).values_list("organ", "name"))
    text = fold(request.GET.get("q", "")[:60])
    organs = [
        {"organ": organ, "name": names.get(organ.key, organ.key)}
        for organ in open_organs().prefetch_related("accreditations")
    ]
    rows = [row for row in organs if text in fold(f"{row['name']} {_city(row)}")]
    return render(request, "site/missions.html", {"rows": rows, "text": request.GET.get("q", ""), "total": len(organs)})


@require_safe
@audience(EVERYONE)
def register(request: HttpRequest) -> HttpResponse:
    """The open acts, newest first, with the head of the log they stand under."""
    shown = [verb.code for verb in verbs if verb.open]
    page = older(Entry.objects.filter(verb__in=shown).select_related("log_leaf"), request.GET.get("antes", ""))
    lines = [{"entry": entry, "sentence": sentence_of(entry), "index": _index(entry)} for entry in page.rows]
    context = {"page": page, "lines": lines, "head": head(), "witness": WITNESS_NAME}
    return render(request, "site/register.html", context)


@require_safe
@audience(EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@require_safe
@audience(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


def _city(row: dict[str, object]) -> str:
    organ = row["organ"]
    return organ.city if isinstance(organ, Organ) else ""


def _index(entry: Entry) -> int | None:
    return entry.log_leaf.index if hasattr(entry, "log_leaf") else None

"""The officials' desk: tray and register. A case opens in the page of its own domain."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import LATE, NEXT, OPEN_STATES, OUTCOME_NAMES, STATE_NAMES, TODAY, urgency
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import head, sentence_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.older import older

PAGE, LONG, MOST = 25, 50, 1_000
# What a row shows and nothing more: entries and versions carry bytes and snapshots a list has no use for.
COLUMNS = (
    *(
        "organ",
        "appeals_id",
        "state",
        "outcome",
        "due_on",
        "filed_at",
        "zone",
        "version_id",
        "entry__organ",
        "entry__year",
        "entry__number",
    ),
    *("applicant__given_names", "applicant__first_surname", "applicant__second_surname"),
)

# How a term stands, told by colour and by word.
KINDS = {"": "", TODAY: "warn", LATE: "bad"}
MARKS = {"": "", TODAY: _("vence hoy"), LATE: _("vencida")}


class Counted(Paginator):  # type: ignore[type-arg]
    """Counts to a thousand and no further: nobody turns a thousandth page, and counting a million rows takes as long as it does."""

    @cached_property
    def count(self) -> int:
        return len(self.object_list.order_by().values_list("pk", flat=True)[: MOST + 1])

    @property
    def told(self) -> str:
        return f"{MOST}+" if self.count > MOST else str(self.count)


@require_safe
@audience(officers("desk"))
def tray(request: HttpRequest) -> HttpResponse:
    """Cases waiting, the first to fall due first; `?todos` shows the decided ones, `?q=` finds a number or a person."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    text, everything = request.GET.get("q", "")[:100], "todos" in request.GET
    states = tuple(NEXT) if everything or text else OPEN_STATES
    found = queries.tray(viewer=viewer, states=states, text=text).only(*COLUMNS)
    page = Counted(found, PAGE).get_page(request.GET.get("pagina"))
    codes = _codes({case.entry.organ for case in page})
    titles = queries.titles_of({case.version_id for case in page})
    context = {
        "page": page,
        "rows": [_row(case, codes, titles) for case in page],
        "text": text,
        "everything": everything,
    }
    return render(request, "site/desk/tray.html", context)


@require_safe
@audience(officers("desk.cases"))
def person(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Every case of a person, of those this officer may see."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Person, pk=f"person:{person}")
    note_read(actor=viewer, what="person", subject=found.pk)
    page = Paginator(queries.cases_of(found.pk, viewer=viewer), LONG).get_page(request.GET.get("pagina"))
    codes = _codes({case["entry__organ"] for case in page})
    titles = queries.titles_of({case["version_id"] for case in page})
    rows = [
        (case["pk"], f"{case['entry__year']}-{codes[case['entry__organ']]}-{case['entry__number']:06d}",
         titles[case["version_id"]], f"{case['filed_at']:%d.%m.%Y}",
         OUTCOME_NAMES.get(case["outcome"]) or STATE_NAMES[case["state"]])
        for case in page
    ]  # fmt: skip
    return render(
        request,
        "site/desk/person.html",
        {"person": found, "rows": rows, "page": page, "may_give": viewer.may("data.given")},
    )


@require_safe
@audience(officers("desk.register"))
def register(request: HttpRequest) -> HttpResponse:
    """Every entry, newest first, for whoever audits."""
    page = older(Entry.objects.select_related("log_leaf"), request.GET.get("antes", ""))
    lines = [(entry, sentence_of(entry)) for entry in page.rows]
    return render(request, "site/desk/register.html", {"page": page, "lines": lines, "head": head()})


@require_safe
@audience(officers())
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with sample content."""
    first = next(iter(procedures))
    return render(request, "ui/gallery.html", {"form": form_for(first.pages[3])})


def _codes(organs: set[str]) -> dict[str, str]:
    return dict(Organ.objects.filter(pk__in=organs).values_list("key", "code"))


def _row(case: Case, codes: dict[str, str], titles: dict[int, str]) -> dict[str, object]:
    standing = urgency(case.state, case.due_on, timezone.localdate(timezone=ZoneInfo(case.zone)))
    return {
        "case": case, "number": f"{case.entry.year}-{codes[case.entry.organ]}-{case.entry.number:06d}",
        "title": _("Apelación: %s") % titles[case.version_id] if case.appeals_id else titles[case.version_id], "kind": KINDS[standing], "mark": MARKS[standing],
        "filed": f"{case.filed_at:%d.%m.%Y %H:%M}", "due": f"{case.due_on:%d.%m.%Y}",
        "state": OUTCOME_NAMES.get(case.outcome) or STATE_NAMES[case.state],
    }  # fmt: skip

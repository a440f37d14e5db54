"""Cases: following one's own with number and code; and the office's, with a token, as the desk shows and does them."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from cancilleria.kernel.cases import desk, queries
from cancilleria.kernel.cases.actions.access import note_read
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import OPEN_STATES, STATE_NAMES
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.interop.paging import MOST, BadCursor, cursor_of, place_of
from cancilleria.services.interop.problems import Problem
from cancilleria.site import holder
from cancilleria.site.api.shapes.cases import CaseLine, CaseWhole, Document, Perform, TrackCase, TrackedCase
from cancilleria.site.api.shapes.catalogue import PageOf
from cancilleria.site.views.tracking import SECONDS, TRIES

public = Router(tags=["cases"])
office = Router(tags=["desk"])
LINE = (
    "pk", "procedure", "organ", "state", "outcome", "filed_at", "due_on", "revision", "entry__organ", "entry__year", "entry__number",
)  # fmt: skip


@public.post("/cases/track", response=TrackedCase, url_name="api_track", summary=_("Seguir un trámite"))
def track(request: HttpRequest, given: TrackCase) -> TrackedCase:
    """Where a case is. Wrong code and unknown number are the same answer, after as many tries as on the page."""
    within = allowed("track", holder.address(request), times=60, seconds=SECONDS)
    if not within or not allowed("track-number", given.number.strip().upper(), times=TRIES, seconds=SECONDS):
        raise Problem("too-many", _("Hubo demasiados intentos. Espere diez minutos y vuelva a probar."))
    found = queries.track(given.number, given.code)
    if found is None:
        raise Problem("not-found", _("No encontramos un trámite con ese número y ese código."))
    case = found.case
    return TrackedCase(
        number=found.number, procedure=case.procedure, title=queries.norm_of(case.version).text("title"), organ=case.organ,
        state=case.state, outcome=case.outcome, filed_on=case.filed_on, due_on=case.due_on,
    )  # fmt: skip


@office.get("/desk/cases", response=PageOf[CaseLine], url_name="api_desk_cases", summary=_("Bandeja de la oficina"))
def tray(
    request: HttpRequest,
    state: str = Query("", max_length=30),
    procedure: str = Query("", max_length=60),
    cursor: str = "",
    limit: int = Query(50, ge=1, le=MOST),
) -> PageOf[CaseLine]:
    """Cases the token's officer may see, the first to fall due first: the open ones, or those in a state."""
    if state and state not in STATE_NAMES:
        raise Problem("not-valid", errors=[{"pointer": "/state", "detail": _("No hay un estado con ese nombre.")}])
    found = queries.tray(viewer=_actor(request), states=(state,) if state else OPEN_STATES, procedure=procedure)
    if cursor:
        due_on, after = _after(cursor)
        found = found.filter(due_on__gte=due_on).exclude(due_on=due_on, pk__lte=after)
    rows = list(found.select_related(None).select_related("entry").only(*LINE)[: limit + 1])
    following = cursor_of(rows[limit - 1].due_on, rows[limit - 1].pk) if len(rows) > limit else None
    codes = _codes(rows[:limit])
    items = [CaseLine(**_line(case, codes)) for case in rows[:limit]]
    return PageOf[CaseLine](items=items, next=following)


@office.get("/desk/cases/{uuid:case}", response=CaseWhole, url_name="api_desk_case", summary=_("Un expediente"))
def case(request: HttpRequest, case: uuid.UUID) -> CaseWhole:
    """One case, with the acts that are lawful now for this token; that it was opened is written down. A foreign one is not found."""
    found, actor = _case(request, case), _actor(request)
    note_read(actor=actor, what="case", subject=f"case:{found.pk}")
    return _whole(found, actor)


@office.post(
    "/desk/cases/{uuid:case}/acts", response=CaseWhole, url_name="api_desk_acts", summary=_("Actuar en un expediente")
)
def act(request: HttpRequest, case: uuid.UUID, given: Perform) -> CaseWhole:
    """Do one of the case's lawful acts, as its form on the desk does it. Needs an `Idempotency-Key`."""
    actor = _actor(request)
    found = _case(request, case)
    data = QueryDict(mutable=True)
    for name, value in given.given.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    result = desk.perform(given.act, actor, found, data, given.seen)
    if not result.done and result.problem:
        raise Problem("not-lawful", result.problem)
    if not result.done:
        raise Problem("not-valid", errors=_errors(result))
    return _whole(_case(request, case), actor)


def _errors(result: desk.Result) -> list[dict[str, str]]:
    found = result.form.errors.items() if result.form is not None else ()
    return [{"pointer": f"/given/{name}", "detail": " ".join(map(str, told))} for name, told in found]


def _whole(found: Case, actor: Actor) -> CaseWhole:
    documents = []
    for held in found.documents.select_related("document"):
        version = latest(held.document)
        if version is not None:
            documents.append(Document(field=held.field, title=held.document.title, sha256=version.blob_id))
    return CaseWhole(
        **_line(found, _codes([found])), applicant=found.applicant.name if found.applicant else "",
        answers={name: str(value) for name, value in found.answers.items()}, documents=documents,
        acts=[offered.act.key for offered in desk.offered(found, actor)],
    )  # fmt: skip


def _line(case: Case, codes: dict[str, str]) -> dict[str, object]:
    return {
        "id": case.pk, "number": f"{case.entry.year}-{codes[case.entry.organ]}-{case.entry.number:06d}",
        "procedure": case.procedure, "organ": case.organ, "state": case.state, "outcome": case.outcome,
        "filed_at": case.filed_at, "due_on": case.due_on, "revision": case.revision,
    }  # fmt: skip


def _codes(rows: list[Case]) -> dict[str, str]:
    """Codes of the organs that gave the numbers, in one query."""
    return dict(Organ.objects.filter(key__in={case.entry.organ for case in rows}).values_list("key", "code"))


def _case(request: HttpRequest, case: uuid.UUID) -> Case:
    found = queries.case_for(case, viewer=_actor(request))
    if found is None:
        raise Problem("not-found")
    return found


def _after(cursor: str) -> tuple[date, uuid.UUID]:
    due_on, pk = place_of(cursor, 2)
    try:
        return date.fromisoformat(due_on), uuid.UUID(pk)
    except ValueError as error:
        raise BadCursor(cursor) from error


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found

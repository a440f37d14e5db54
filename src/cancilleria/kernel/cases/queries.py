"""Reads of cases. `visible_to` is the one predicate of lists, counts, search and pages alike."""

from __future__ import annotations

import hmac
import re
import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from cancilleria.kernel.cases.models import Case, ProcedureVersion
from cancilleria.kernel.cases.norms import Norm, decides_at, norm_from
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import OPEN_STATES
from cancilleria.kernel.cases.terms import Term, term_from
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.rules import fold
from cancilleria.kernel.register.codes import code_for, normalise
from cancilleria.kernel.register.doors import secrets
from cancilleria.kernel.register.queries import entries_about

NUMBER = re.compile(r"(\d{4})-([A-Z0-9-]{2,16})-(\d{1,9})")
TRAY_POWER = "desk.cases"
LINE = ("pk", "state", "outcome", "filed_at", "version_id", "entry__year", "entry__organ", "entry__number")


class NoSuchProcedure(LookupError):
    """The profile has no norm for this procedure: it is not offered here."""


@dataclass(frozen=True)
class Tracked:
    """What whoever holds number and code may see."""

    case: Case
    number: str


def current_version(procedure: str) -> ProcedureVersion:
    """The newest version in force. Raises NoSuchProcedure."""
    found = ProcedureVersion.objects.filter(procedure=procedure, valid_from__lte=timezone.now().date())
    newest = found.order_by("-number").first()
    if newest is None:
        raise NoSuchProcedure(procedure)
    return newest


def norm_of(version: ProcedureVersion) -> Norm:
    return norm_from(version.norm, f"{version.procedure} v{version.number}")


def titles_of(versions: set[int]) -> dict[int, str]:
    """The title of each version, in the reader's language."""
    return {pk: norm_of(version).text("title") for pk, version in ProcedureVersion.objects.in_bulk(versions).items()}


def offered(channel: str = "", *, window: str = "") -> list[Norm]:
    """The norms in force, newest version of each procedure, by title: all, or what may be asked for through a channel,
    and at the window of an organ.
    """
    newest = ProcedureVersion.objects.filter(valid_from__lte=timezone.now().date()).order_by("procedure", "-number")
    known = [v for v in newest.distinct("procedure") if v.procedure in procedures]
    norms = [norm_of(v) for v in known if not channel or channel in procedures.get(v.procedure).channels]
    found = [norm for norm in norms if not window or organ_for(norm, window)]
    return sorted(found, key=lambda norm: fold(norm.text("title")))


def organ_for(norm: Norm, window: str) -> str:
    """Which organ decides what is asked for at this organ's window: it, the one that decides all, or empty: nobody there."""
    if not norm.organs:
        return norm.organ
    kind = Organ.objects.values_list("kind", flat=True).get(pk=window)
    return window if decides_at(norm, window, kind) else ""


def visible_to(viewer: Viewer) -> QuerySet[Case]:
    """Cases of the viewer's own organ, of closed ones whose books it keeps and of those it supervises; of every organ for who
    holds the power everywhere; none for anybody else.
    """
    cases = Case.objects.select_related("entry", "applicant")
    if f"{TRAY_POWER}*" in viewer.powers:
        return cases
    return cases.filter(organ__in=[viewer.organ, *viewer.sees]) if TRAY_POWER in viewer.powers else cases.none()


def tray(
    *, viewer: Viewer, states: tuple[str, ...] = OPEN_STATES, procedure: str = "", text: str = ""
) -> QuerySet[Case]:
    """Cases waiting for a decision, the first to fall due first; `text` finds a number or a person."""
    found = visible_to(viewer).filter(state__in=states)
    if procedure:
        found = found.filter(procedure=procedure)
    if text:
        number = NUMBER.fullmatch(text.strip().upper())
        if number:
            found = found.filter(entry__year=int(number[1]), entry__number=int(number[3]))
        else:
            found = found.filter(applicant__folded_name__contains=fold(text))
    return found.order_by("due_on", "id")


def case_for(case_id: uuid.UUID, *, viewer: Viewer) -> Case | None:
    """The case, or None when it does not exist or is not the viewer's to see. Who decides an appeal sees what it reviews."""
    seen = visible_to(viewer)
    return seen.filter(pk=case_id).first() or Case.objects.filter(pk=case_id, appeal__in=seen.values("pk")).first()


def decided_by(case: Case, actor: str, outcome: str | None) -> bool:
    """Whether the case stands decided so by that actor: a press repeated because its answer was lost has nothing to do."""
    decided = entries_about(f"case:{case.pk}").filter(verb="case.decided", actor=actor)
    return outcome is not None and Case.objects.filter(pk=case.pk, outcome=outcome).exists() and decided.exists()


def cases_of(person: str, *, viewer: Viewer) -> QuerySet[Case, dict[str, Any]]:
    """Every case of a person that the viewer may see, newest first, as the few columns a list shows."""
    found: QuerySet[Case, dict[str, Any]] = visible_to(viewer).filter(applicant=person).values(*LINE)
    return found.order_by("-filed_at", "pk")


def number_of(case: Case) -> str:
    """`2026-LIM-000123`: year, code of the organ that gave it, number in its book."""
    return format_number(case.entry.organ, case.entry.year, case.entry.number)


def term_of(case: Case) -> Term:
    return term_from(case.term)


def zone_of(case: Case) -> ZoneInfo:
    return ZoneInfo(case.zone)


def format_number(organ: str, year: int | None, number: int | None) -> str:
    """How a number of an organ's book is written for people."""
    code = Organ.objects.values_list("code", flat=True).get(pk=organ)
    return f"{year}-{code}-{number:06d}"


def tracking_code(case_id: uuid.UUID) -> str:
    """The secret that, with the number, lets a person follow a case."""
    return code_for(secrets().code_secret(), purpose="tracking", version=1, subject=str(case_id))


def track(number: str, code: str) -> Tracked | None:
    """The case of a number and its code. A wrong code and a number that does not exist give the same answer."""
    parts = NUMBER.fullmatch(number.strip().upper().replace(" ", ""))
    found = None
    if parts:
        found = Case.objects.filter(
            entry__book="case", entry__year=int(parts[1]), entry__number=int(parts[3]),
            entry__organ__in=Organ.objects.filter(code=parts[2]).values("key"),
        ).select_related("entry", "version").first()  # fmt: skip
    # The code is computed for no case as well: the delay does not tell one from the other.
    expected = tracking_code(found.pk if found else uuid.UUID(int=0))
    same = hmac.compare_digest((normalise(code) or "").encode(), expected.encode())
    return Tracked(found, number_of(found)) if found and same else None

"""What time brings to a case, and until when its decision may be appealed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import (
    ADVERSE,
    DELIVERED,
    DESTROYED,
    NOTIFIED,
    OBSERVED,
    OPEN_STATES,
    READY,
    RUNNING,
    WITHDRAWN,
)
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import calendar_of

# Outcomes after which nothing is to be handed over.
ENDED = (*ADVERSE, WITHDRAWN)


def may_appeal(case: Case, today: date) -> bool:
    """Whether its decision, or the silence that stands for one, may be appealed on a day; an appeal itself may not."""
    if case.appeals_id is not None or Case.objects.filter(appeals=case).exists():
        return False
    if case.lapsed and case.state in OPEN_STATES:
        return True
    return case.state == NOTIFIED and case.outcome in ADVERSE and today <= _last_day_to_appeal(case)


def brought_by_time(case: Case, today: date) -> str:
    """What time has brought by a day: abandon, grant or lapse (silence), unclaim, close, or nothing."""
    norm = queries.norm_of(case.version)
    if case.state == OBSERVED and case.answer_by and case.answer_by < today:
        return "abandon"
    if case.state in RUNNING and case.due_on < today and not case.lapsed:
        return "grant" if norm.silence == "positive" and not case.appeals_id else "lapse"
    if case.state == READY and case.ready_on and case.ready_on + timedelta(days=norm.keep_days) < today:
        return "unclaim"
    over = case.state in (DELIVERED, DESTROYED) or (case.state == NOTIFIED and case.outcome in ENDED)
    if over and case.notified_on and _last_day_to_appeal(case) < today and not _appeal_open(case):
        return "close"
    return ""


def waiting_for_time() -> QuerySet[Case]:
    """Cases to which time may have brought something somewhere in the world; `brought_by_time` decides each."""
    tomorrow = timezone.now().date() + timedelta(days=1)
    return Case.objects.filter(
        Q(state=OBSERVED, answer_by__lt=tomorrow)
        | Q(state__in=RUNNING, due_on__lt=tomorrow, lapsed=False)
        | Q(state=READY, ready_on__lt=tomorrow)
        | Q(state__in=(NOTIFIED, DELIVERED, DESTROYED), notified_on__lt=tomorrow)
    ).select_related("version")


def _last_day_to_appeal(case: Case) -> date:
    calendar = calendar_of(Organ.objects.get(pk=case.organ))
    return calendar.add_working_days(case.notified_on or case.filed_on, queries.norm_of(case.version).appeal_days)


def _appeal_open(case: Case) -> bool:
    return Case.objects.filter(appeals=case, state__in=OPEN_STATES).exists()

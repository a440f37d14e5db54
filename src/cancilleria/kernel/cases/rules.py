"""The life of a case: states, what may follow what, outcomes. Pure (DESIGN 2.2, DECISIONS 18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SUBMITTED, OBSERVED, ADMITTED, SUSPENDED, AWAITING_PAYMENT, AWAITING_BODY = (
    "submitted", "observed", "admitted", "suspended", "awaiting_payment", "awaiting_body",
)  # fmt: skip
DECIDED, NOTIFIED, READY, DELIVERED, UNCLAIMED, DESTROYED, CLOSED = (
    "decided", "notified", "ready", "delivered", "unclaimed", "destroyed", "closed",
)  # fmt: skip
GRANTED, DENIED, INADMISSIBLE, WITHDRAWN, ABANDONED, BY_SILENCE = (
    "granted", "denied", "inadmissible", "withdrawn", "abandoned", "granted_by_silence",
)  # fmt: skip

# The clock stands in these; the case goes back to where it was.
PAUSED = (OBSERVED, SUSPENDED, AWAITING_PAYMENT, AWAITING_BODY)
OPEN_STATES = (SUBMITTED, ADMITTED, *PAUSED)
# Waiting for the office itself: what a tray shows first.
RUNNING = (SUBMITTED, ADMITTED)

# From a state to those that may follow.
NEXT: Mapping[str, frozenset[str]] = {
    SUBMITTED: frozenset({ADMITTED, OBSERVED, AWAITING_PAYMENT, DECIDED}),
    ADMITTED: frozenset({*PAUSED, DECIDED}),
    OBSERVED: frozenset({SUBMITTED, ADMITTED, DECIDED}),
    SUSPENDED: frozenset({ADMITTED, DECIDED}),
    AWAITING_PAYMENT: frozenset({SUBMITTED, ADMITTED, DECIDED}),
    AWAITING_BODY: frozenset({ADMITTED, DECIDED}),
    DECIDED: frozenset({NOTIFIED}),
    NOTIFIED: frozenset({READY, ADMITTED, CLOSED}),  # admitted again when an appeal is granted
    READY: frozenset({DELIVERED, UNCLAIMED}),
    UNCLAIMED: frozenset({DELIVERED, DESTROYED}),
    DELIVERED: frozenset({CLOSED}),
    DESTROYED: frozenset({CLOSED}),
    CLOSED: frozenset(),
}
STATE_NAMES: Mapping[str, StrOrPromise] = {
    SUBMITTED: _("presentada"),
    OBSERVED: _("por corregir"),
    ADMITTED: _("en revisión"),
    SUSPENDED: _("suspendida"),
    AWAITING_PAYMENT: _("espera el pago"),
    AWAITING_BODY: _("espera a otra entidad"),
    DECIDED: _("resuelta"),
    NOTIFIED: _("notificada"),
    READY: _("lista"),
    DELIVERED: _("entregada"),
    UNCLAIMED: _("no recogida"),
    DESTROYED: _("documento destruido"),
    CLOSED: _("cerrada"),
}
OUTCOME_NAMES: Mapping[str, StrOrPromise] = {
    GRANTED: _("concedida"),
    DENIED: _("denegada"),
    INADMISSIBLE: _("inadmisible"),
    WITHDRAWN: _("desistida"),
    ABANDONED: _("abandonada"),
    BY_SILENCE: _("concedida por silencio positivo"),
}
FAVOURABLE = (GRANTED, BY_SILENCE)
# Decisions against whoever asked: they carry a reason, and may be appealed.
ADVERSE = (DENIED, INADMISSIBLE, ABANDONED)
LATE, TODAY = "late", "today"


class CannotFollow(ValueError):
    """The step is not lawful from the case's state: somebody else acted first, or it was done already."""


class ChangedMeanwhile(CannotFollow):
    """The case is not as the officer saw it: `seen` is the revision of their page, `now` that of the case."""

    def __init__(self, seen: int, now: int) -> None:
        super().__init__(f"revision {seen} was seen, {now} stands")
        self.seen, self.now = seen, now


def step(state: str, to: str) -> str:
    """The new state. Raises CannotFollow."""
    if to not in NEXT[state]:
        raise CannotFollow(f"{state} > {to}")
    return to


def urgency(state: str, due_on: date, today: date) -> str:
    """LATE, TODAY or nothing: how a case stands that waits for the office. `today` is the organ's."""
    if state not in RUNNING or due_on > today:
        return ""
    return LATE if due_on < today else TODAY

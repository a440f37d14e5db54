"""Whose box it is: a session under its row's lock. Only actions call these."""

from __future__ import annotations

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.services.fees.models import CLOSED, OPEN, CashSession

POWER = "desk.cash"


class NoSession(ValueError):
    """The actor has no session in the state this needs: nobody touches another's box."""


def open_of(actor: Actor, *, state: str = OPEN) -> CashSession:
    """The actor's own session in that state, locked until the act ends. Needs `desk.cash`. Raises NoSession."""
    require(actor, POWER, actor.organ)
    found = CashSession.objects.select_for_update().filter(officer=actor.key, organ=actor.organ, state=state).first()
    if found is None:
        raise NoSession(actor.key)
    return found


def closed_of(actor: Actor, session: CashSession) -> CashSession:
    """A closed session of the actor's organ, locked: its takings may be deposited by any cashier there."""
    require(actor, POWER, session.organ)
    found = CashSession.objects.select_for_update().filter(pk=session.pk, state=CLOSED).first()
    if found is None:
        raise NoSession(str(session.pk))
    return found

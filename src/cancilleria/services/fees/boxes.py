"""Whose box it is: a session under its row's lock. Only actions call these."""

from __future__ import annotations

from cancilleria.kernel.organs.authority import Actor, actor_covering, actor_for, covers_on, postings_on, require
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


def held_of(actor: Actor, session: CashSession, *, power: str) -> CashSession:
    """Anybody's session that is not closed, locked. Needs the power at its organ. Raises NoSession."""
    require(actor, power, session.organ)
    found = CashSession.objects.select_for_update().filter(pk=session.pk).exclude(state=CLOSED).first()
    if found is None:
        raise NoSession(str(session.pk))
    return found


def free_cashiers(organ: str) -> dict[str, str]:
    """Who may keep a box at the organ today and has none open: key of the posting or cover, and name."""
    posted = [actor_for(found) for found in postings_on().filter(post__organ=organ)]
    covering = [actor_covering(found) for found in covers_on().filter(post__organ=organ)]
    busy = set(CashSession.objects.exclude(state=CLOSED).values_list("officer", flat=True))
    return {one.key: one.name for one in (*posted, *covering) if one.may(POWER, organ) and one.key not in busy}


def closed_of(actor: Actor, session: CashSession) -> CashSession:
    """A closed session of the actor's organ, locked: its takings may be deposited by any cashier there."""
    require(actor, POWER, session.organ)
    found = CashSession.objects.select_for_update().filter(pk=session.pk, state=CLOSED).first()
    if found is None:
        raise NoSession(str(session.pk))
    return found

"""The cashier's session: opened with a float, counted blind, closed with its difference, its takings deposited."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import boxes, closing, ledger, tariff, verbs
from cancilleria.services.fees.models import BANK, BOX, CLOSED, COUNTED, DIFFERENCES, FLOAT, CashSession
from cancilleria.services.fees.rules import counted as sum_of


class AlreadyOpen(ValueError):
    """The officer has a session that is not closed: one at a time."""


class NotRelieved(ValueError):
    """Nobody takes the box over without a reason, nor who may keep none or has one open."""


class NotACount(ValueError):
    """A count names only coins and notes of the currency, and numbers of pieces that are not below zero."""


class NotExplained(ValueError):
    """A difference is closed with its reason."""


class TooMuch(ValueError):
    """More than the box holds, or nothing."""


@transaction.atomic
def open_session(*, actor: Actor, opening: int) -> CashSession:
    """Open a box with its float, in minor units. Needs `desk.cash`. Raises AlreadyOpen, NoPrice where no money is taken."""
    require(actor, boxes.POWER, actor.organ)
    organ = Organ.objects.select_for_update().get(pk=actor.organ)
    if CashSession.objects.filter(officer=actor.key).exclude(state=CLOSED).exists():
        raise AlreadyOpen(actor.key)
    day, session_id = local_today(organ), uuid7()
    currency = tariff.currency_of(organ.key, day)
    recorded = record(
        verbs.CASH_OPENED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Sum(currency=currency, amount=opening), subjects=[f"cash:{session_id}"],
    )  # fmt: skip
    session = CashSession.objects.create(
        id=session_id, organ=organ.key, currency=currency, officer=actor.key, opening=opening, opened_id=recorded.id,
        opened_on=day,
    )  # fmt: skip
    if opening:
        moved = {(BOX, session): opening, (FLOAT, None): -opening}
        ledger.post(entry=recorded.id, organ=organ.key, currency=currency, day=day, amounts=moved)
    return session


@transaction.atomic
def relieve_cashier(*, actor: Actor, session: CashSession, to: str, reason: str) -> CashSession:
    """Pass the box of a cashier who is not there to another, who counts and closes it. `to`: key of their posting or cover.

    Needs `cash.relieved` at the box's organ. Raises NotRelieved, and NoSession once it is closed.
    """
    organ = Organ.objects.select_for_update().get(pk=session.organ)
    held = boxes.held_of(actor, session, power=verbs.CASH_RELIEVED.code)
    if not reason.strip() or to not in boxes.free_cashiers(organ.key):
        raise NotRelieved(to)
    record(
        verbs.CASH_RELIEVED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Relieved(cashier=held.officer, relief=to), private={"reason": reason.strip()},
        subjects=[f"cash:{held.pk}"],
    )  # fmt: skip
    CashSession.objects.filter(pk=held.pk).update(officer=to)
    held.refresh_from_db()
    return held


@transaction.atomic
def count_session(*, actor: Actor, pieces: Mapping[int, int]) -> CashSession:
    """Count the box by denomination, once, before anybody is shown what it should hold. No money is taken after it.

    Raises NotACount, NoSession.
    """
    session = boxes.open_of(actor)
    known = set(tariff.pieces_of(session.organ, session.opened_on))
    if set(pieces) - known or any(number < 0 for number in pieces.values()):
        raise NotACount(str(sorted(set(pieces) - known)))
    organ, amount = Organ.objects.get(pk=session.organ), sum_of(pieces)
    facts = verbs.Counted(currency=session.currency, pieces=sum(pieces.values()), amount=amount)
    record(
        verbs.CASH_COUNTED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts,
        private={"pieces": {str(piece): number for piece, number in sorted(pieces.items())}},
        subjects=[f"cash:{session.pk}"],
    )  # fmt: skip
    kept = {str(piece): number for piece, number in sorted(pieces.items(), reverse=True) if number}
    CashSession.objects.filter(pk=session.pk).update(state=COUNTED, count=kept, counted=amount)
    session.refresh_from_db()
    return session


@transaction.atomic
def close_session(*, actor: Actor, reason: str = "") -> CashSession:
    """Close a counted box: the difference becomes an act with its reason, the float goes back. Raises NotExplained."""
    session = boxes.open_of(actor, state=COUNTED)
    organ = Organ.objects.get(pk=session.organ)
    where = {"organ": organ.key, "zone": organ.zone, "actor": actor.key, "subjects": [f"cash:{session.pk}"]}
    book = {"organ": organ.key, "currency": session.currency, "day": local_today(organ)}
    expected, counted = ledger.in_box(session), session.counted or 0
    difference = counted - expected
    if difference:
        if not reason.strip():
            raise NotExplained(str(difference))
        facts = verbs.Sum(currency=session.currency, amount=difference)
        differed = record(verbs.CASH_DIFFERED, facts=facts, private={"reason": reason.strip()}, **where)
        ledger.post(entry=differed.id, amounts={(BOX, session): difference, (DIFFERENCES, None): -difference}, **book)
    told = verbs.Settled(
        currency=session.currency, receipts=session.receipts.count(), expected=expected, counted=counted,
        difference=difference, mismatches=len(closing.mismatches(session)),
    )  # fmt: skip
    recorded = record(verbs.CASH_CLOSED, facts=told, **where)
    if back := min(session.opening, counted):
        ledger.post(entry=recorded.id, amounts={(BOX, session): -back, (FLOAT, None): back}, **book)
    CashSession.objects.filter(pk=session.pk).update(state=CLOSED, closed=recorded.id, difference=difference)
    session.refresh_from_db()
    return session


@transaction.atomic
def deposit_takings(
    *, actor: Actor, session: CashSession, amount: int, reference: str, seen: int | None = None
) -> None:
    """Take money of a closed session to the bank, by the voucher's reference. Needs `desk.cash` there.

    Raises TooMuch, also when the box is not as `seen`: a repeated press deposits once.
    """
    held = boxes.closed_of(actor, session)
    holds = ledger.in_box(held)
    if not 0 < amount <= holds or seen not in (None, holds) or not reference.strip():
        raise TooMuch(str(amount))
    organ = Organ.objects.get(pk=held.organ)
    recorded = record(
        verbs.CASH_DEPOSITED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.Sum(currency=held.currency, amount=amount), private={"reference": reference.strip()},
        subjects=[f"cash:{held.pk}"],
    )  # fmt: skip
    moved = {(BANK, None): amount, (BOX, held): -amount}
    ledger.post(entry=recorded.id, organ=organ.key, currency=held.currency, day=local_today(organ), amounts=moved)

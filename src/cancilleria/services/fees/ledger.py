"""Double entry: a movement is posted with its act, in one transaction, and balances or the database refuses it.

Only actions call these.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.db.models import Sum
from uuid_utils.compat import uuid7

from cancilleria.services.fees.models import BOX, Account, CashSession, Line, Movement

# Account kind, and the session whose box it is.
Place = tuple[str, CashSession | None]


def post(
    *, entry: uuid.UUID, organ: str, currency: str, day: date, amounts: Mapping[Place, int],
    reverses: Movement | None = None,
) -> Movement:  # fmt: skip
    """Write what an act moved: above zero into an account, below zero out of it. Amounts of zero are left out."""
    movement = Movement.objects.create(id=uuid7(), organ=organ, day=day, entry_id=entry, reverses=reverses)
    Line.objects.bulk_create(
        Line(movement=movement, account=_account(organ, currency, place), amount=amount)
        for place, amount in amounts.items()
        if amount
    )
    return movement


def reverse(movement: Movement, *, entry: uuid.UUID, day: date) -> Movement:
    """The same lines the other way round. A movement is reversed once: the database refuses a second time."""
    opposite = Movement.objects.create(
        id=uuid7(), organ=movement.organ, day=day, entry_id=entry, reverses=movement
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(movement=opposite, account_id=line.account_id, amount=-line.amount) for line in movement.lines.all()
    )
    return opposite


def balance(*, organ: str, currency: str, kind: str, session: CashSession | None = None) -> int:
    """What an account holds, in minor units."""
    found = Line.objects.filter(account__organ=organ, account__currency=currency, account__kind=kind)
    if session is not None:
        found = found.filter(account__session=session)
    return int(found.aggregate(held=Sum("amount"))["held"] or 0)


def in_box(session: CashSession) -> int:
    """What the box of a session must hold."""
    return balance(organ=session.organ, currency=session.currency, kind=BOX, session=session)


def _account(organ: str, currency: str, place: Place) -> Account:
    kind, session = place
    return Account.objects.get_or_create(organ=organ, currency=currency, kind=kind, session=session)[0]

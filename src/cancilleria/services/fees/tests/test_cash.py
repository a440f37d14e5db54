"""The box: opened, counted blind, closed, deposited; and wholly there or wholly absent, wherever it is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction

from cancilleria.kernel.cases.actions import decide_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import GRANTED
from cancilleria.kernel.organs.authority import NotAuthorised
from cancilleria.kernel.register.models import Book, Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.fees import actions, boxes, closing, ledger
from cancilleria.services.fees.models import BANK, CLOSED, COUNTED, CashSession, Order, Receipt
from cancilleria.services.fees.rules import CARD, CASH
from cancilleria.services.fees.tests.cast import DUE, Office, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Iterator[Office]:
    with office() as found:
        yield found


def take(scene: Office, order: Order, **given: Any) -> Receipt:
    return actions.take_payment(actor=scene.sara, orders=[order.pk], **({"means": CASH, "given": DUE} | given))


def balance(kind: str) -> int:
    return ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=kind)


def test_a_day_at_the_box(scene: Office) -> None:
    session = verify_action(lambda: actions.open_session(actor=scene.sara, opening=5000), records=["cash.opened"])
    take(scene, scene.order())
    take(scene, scene.order(), means=CARD, reference="0042")
    verify_action(
        lambda: actions.count_session(actor=scene.sara, pieces={5000: 1, 1000: 2, 50: 5, 10: 3}),
        records=["cash.counted"],
    )
    closed = verify_action(lambda: actions.close_session(actor=scene.sara), records=["cash.closed"])
    assert (closed.state, closed.counted, closed.difference) == (CLOSED, 7280, 0)
    told = Entry.objects.get(verb="cash.closed").facts
    assert told == {
        "currency": "CHF", "receipts": 2, "expected": 7280, "counted": 7280, "difference": 0, "mismatches": 0,
    }  # fmt: skip
    assert (ledger.in_box(session), balance("float"), balance("cards")) == (DUE, 0, DUE)
    for amount in (0, DUE + 1):
        with pytest.raises(actions.TooMuch):
            actions.deposit_takings(actor=scene.sara, session=session, amount=amount, reference="B-1")
    verify_action(
        lambda: actions.deposit_takings(actor=scene.sara, session=session, amount=DUE, reference="B-1"),
        records=["cash.deposited"],
    )
    assert (ledger.in_box(session), balance(BANK)) == (0, DUE)


@pytest.mark.parametrize(("pieces", "difference"), [({1000: 2}, -280), ({1000: 3}, 720), ({}, -2280)])
def test_a_difference_is_an_act_with_its_reason(scene: Office, pieces: dict[int, int], difference: int) -> None:
    actions.open_session(actor=scene.sara, opening=0)
    take(scene, scene.order())
    actions.count_session(actor=scene.sara, pieces=pieces)
    with pytest.raises(actions.NotExplained):
        actions.close_session(actor=scene.sara)
    closed = verify_action(
        lambda: actions.close_session(actor=scene.sara, reason="Se dio mal un vuelto"),
        records=["cash.differed", "cash.closed"],
    )
    assert (closed.difference, balance("differences"), ledger.in_box(closed)) == (
        difference, -difference, DUE + difference,
    )  # fmt: skip


def test_the_count_is_made_once_and_stops_the_box(scene: Office) -> None:
    order = scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    for pieces in ({333: 1}, {100: -1}):
        with pytest.raises(actions.NotACount):
            actions.count_session(actor=scene.sara, pieces=pieces)
    assert actions.count_session(actor=scene.sara, pieces={100: 1}).state == COUNTED
    for again in (
        lambda: actions.count_session(actor=scene.sara, pieces={}), lambda: take(scene, order),
        lambda: actions.close_session(actor=scene.other),
    ):  # fmt: skip
        with pytest.raises(boxes.NoSession):
            again()


def test_an_officer_has_one_open_box(scene: Office) -> None:
    session = actions.open_session(actor=scene.sara, opening=0)
    with pytest.raises(actions.AlreadyOpen):
        actions.open_session(actor=scene.sara, opening=0)
    values = {f.attname: getattr(session, f.attname) for f in CashSession._meta.fields}
    other = actions.open_session(actor=scene.other, opening=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CashSession.objects.filter(pk=other.pk).update(officer=values["officer"])


def test_the_closing_lists_what_does_not_match(scene: Office) -> None:
    case = scene.submit()
    order = Order.objects.get(case=case)
    session = actions.open_session(actor=scene.sara, opening=0)
    take(scene, order)
    assert closing.mismatches(session) == []
    # Granted by somebody who went around the money: the state was changed by hand.
    free = scene.submit()
    Case.objects.filter(pk=free.pk).update(state="admitted")
    decide_case(actor=scene.people.alicia, case=Case.objects.get(pk=free.pk), outcome=GRANTED)
    Case.objects.filter(pk=case.pk).update(state="awaiting_payment")
    assert sorted(m.kind for m in closing.mismatches(session)) == [closing.ACT_WITHOUT_RECEIPT, closing.CASE_WAITS]


class Cut(OperationalError):
    """The line went dead."""


def cut_at(step: int) -> Callable[..., object]:
    """Let `step` statements through, and cut before the next."""
    left = [step]

    def wrapper(execute: Callable[..., object], statement: str, *rest: object) -> object:
        left[0] -= 1
        # Once the line is dead the server rolls back by itself; here Django has to say it.
        if left[0] == -1:
            raise Cut
        return execute(statement, *rest)

    return wrapper


def everything() -> dict[str, object]:
    """Every row of money, of the cases and of the register."""
    models = [*apps.get_app_config("fees").get_models(), Case, Entry, Book]
    return {model.__name__: sorted(map(str, model._default_manager.values_list())) for model in models}


ACTS: dict[str, Callable[[Office, Order], object]] = {
    "pay": lambda scene, order: take(scene, order),
    "void": lambda scene, order: actions.void_receipt(actor=scene.sara, receipt=Receipt.objects.get(), reason="x"),
    "count": lambda scene, order: actions.count_session(actor=scene.sara, pieces={1000: 3}),
    "close": lambda scene, order: actions.close_session(actor=scene.sara, reason="x"),
    "deposit": lambda scene, order: actions.deposit_takings(
        actor=scene.sara, session=CashSession.objects.get(), amount=100, reference="x"
    ),
}
BEFORE = {"pay": [], "void": ["pay"], "count": ["pay"], "close": ["pay", "count"], "deposit": ["pay", "count", "close"]}


@pytest.mark.parametrize("act", ACTS)
def test_a_session_cut_at_any_statement_is_wholly_there_or_wholly_absent(scene: Office, act: str) -> None:
    order = scene.order()
    actions.open_session(actor=scene.sara, opening=500)
    for earlier in BEFORE[act]:
        ACTS[earlier](scene, order)
    before, step, cuts = everything(), 0, 0
    while True:
        try:
            with connection.execute_wrapper(cut_at(step)), transaction.atomic():
                ACTS[act](scene, order)
            break
        except Cut:
            assert everything() == before
            cuts, step = cuts + 1, step + 1
    assert cuts > 8
    assert everything() != before
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_box_of_who_is_not_there_goes_to_another_who_counts_and_closes_it(scene: Office) -> None:
    session = actions.open_session(actor=scene.sara, opening=5000)
    take(scene, scene.order())
    head = officer("Irene", HEADQUARTERS, {"desk", "desk.money", "cash.relieved"})
    given: dict[str, Any] = {"actor": head, "session": session, "to": scene.other.key, "reason": "Licencia médica"}
    for wrong in ({"reason": " "}, {"to": scene.sara.key}, {"to": head.key}):
        with pytest.raises(actions.NotRelieved):
            actions.relieve_cashier(**given | wrong)
    for stranger in (scene.other, officer("Ema", "organ:branch-abroad", {"cash.relieved"})):
        with pytest.raises(NotAuthorised):
            actions.relieve_cashier(**given | {"actor": stranger})
    held = verify_action(lambda: actions.relieve_cashier(**given), records=["cash.relieved"])
    assert (held.officer, held.opening, ledger.in_box(held)) == (scene.other.key, 5000, 5000 + DUE)
    assert Entry.objects.get(verb="cash.relieved").facts == {"cashier": scene.sara.key, "relief": scene.other.key}
    with pytest.raises(boxes.NoSession):
        take(scene, scene.order())
    actions.count_session(actor=scene.other, pieces={5000: 1, 1000: 2, 10: 28})
    closed = actions.close_session(actor=scene.other)
    assert (closed.difference, closing.mismatches(closed)) == (0, [])
    with pytest.raises(boxes.NoSession):
        actions.relieve_cashier(**given)

"""Paying on line: once, by what the gateway says, whatever the browser brings back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from cancilleria.kernel.cases import actions as cases
from cancilleria.kernel.cases.rules import AWAITING_PAYMENT, SUBMITTED
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.fees import actions, charges, ledger, settling, simulator
from cancilleria.services.fees.gateway import PAID, REFUSED, UNKNOWN, Outcome, gateway
from cancilleria.services.fees.models import TRANSIT, Order, Payment, Receipt, SimulatedPayment
from cancilleria.services.fees.tests.cast import DUE, Office, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def payment(scene: Office) -> Payment:
    order = scene.order()
    return verify_action(lambda: actions.start_payment(actor=CITIZEN, order=order), records=["payment.started"])


def resolve(payment: Payment, state: str, amount: int = DUE, currency: str = "CHF") -> Payment:
    return actions.resolve_payment(actor=SYSTEM, payment=payment, outcome=Outcome(state, amount, currency))


def transit() -> int:
    return ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=TRANSIT)


def test_a_payment_under_way_is_given_back_instead_of_a_second_one(payment: Payment) -> None:
    again = verify_action(lambda: actions.start_payment(actor=CITIZEN, order=payment.order), records=[])
    assert again.pk == payment.pk


def test_what_the_gateway_says_paid_makes_one_receipt_however_often_it_says_so(payment: Payment) -> None:
    records = ["fee.received", "fee.collected", "fee.collected", "case.resumed"]
    assert verify_action(lambda: resolve(payment, PAID), records=records).state == "paid"
    assert verify_action(lambda: resolve(payment, PAID), records=[]).state == "paid"
    assert verify_action(lambda: resolve(payment, REFUSED), records=[]).state == "paid"
    assert (Receipt.objects.count(), transit(), Order.objects.get().case.state) == (1, DUE, SUBMITTED)
    with pytest.raises(settling.AlreadySettled):
        actions.start_payment(actor=CITIZEN, order=payment.order)


def test_a_refused_payment_may_be_tried_again(payment: Payment) -> None:
    assert verify_action(lambda: resolve(payment, REFUSED), records=["payment.refused"]).state == "refused"
    assert actions.start_payment(actor=CITIZEN, order=payment.order).pk != payment.pk
    assert (Receipt.objects.count(), Order.objects.get().case.state) == (0, AWAITING_PAYMENT)


def test_an_unknown_outcome_changes_nothing_and_the_window_takes_no_money(scene: Office, payment: Payment) -> None:
    assert verify_action(lambda: resolve(payment, UNKNOWN), records=[]).state == "started"
    actions.open_session(actor=scene.sara, opening=0)
    with pytest.raises(settling.UnderWay):
        actions.take_payment(actor=scene.sara, orders=[payment.order_id], means="cash", given=DUE)


@pytest.mark.parametrize(("amount", "currency"), [(DUE - 1, "CHF"), (DUE, "EUR")])
def test_another_amount_than_was_ordered_is_not_taken(payment: Payment, amount: int, currency: str) -> None:
    with pytest.raises(actions.OtherAmount):
        resolve(payment, PAID, amount, currency)
    assert (Receipt.objects.count(), Payment.objects.get().state) == (0, "started")


def test_money_that_arrives_after_the_withdrawal_goes_back(payment: Payment) -> None:
    gateway().start(payment.pk, amount=DUE, currency="CHF", back="/")
    cases.withdraw_case(actor=CITIZEN, case=payment.order.case)
    assert verify_action(lambda: resolve(payment, PAID), records=["payment.returned"]).state == "returned"
    assert (SimulatedPayment.objects.get().refunded, Receipt.objects.count(), transit()) == (True, 0, 0)


def test_a_refund_goes_back_through_the_gateway(scene: Office, payment: Payment) -> None:
    gateway().start(payment.pk, amount=DUE, currency="CHF", back="/")
    resolve(payment, PAID)
    cases.withdraw_case(actor=CITIZEN, case=payment.order.case)
    refund = actions.order_refund(actor=scene.head, order=Order.objects.get(), reason="Desistió")
    actions.pay_refund(actor=scene.head, refund=refund, means="gateway")
    assert (SimulatedPayment.objects.get().refunded, transit()) == (True, DUE - 2030)


def test_the_worker_asks_until_the_gateway_knows(payment: Payment) -> None:
    gateway().start(payment.pk, amount=DUE, currency="CHF", back="/")
    assert charges.ask_about_due() == 0
    Payment.objects.update(started_at=timezone.now() - timedelta(minutes=2))
    assert (charges.ask_about_due(), Payment.objects.get().state) == (1, "started")
    assert charges.ask_about_due() == 0
    simulator.choose(SimulatedPayment.objects.get(), PAID)
    Payment.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert (charges.ask_about_due(), Payment.objects.get().state, transit()) == (1, "paid", DUE)


def test_the_simulator_believes_only_what_it_signed(payment: Payment) -> None:
    token = gateway().start(payment.pk, amount=DUE, currency="CHF", back="/x").removeprefix("/sim/")
    found = simulator.payment_of(token)
    assert found is not None
    assert found[1] == "/x"
    notice = simulator.choose(found[0], PAID)
    assert gateway().notified(notice) == payment.pk
    assert gateway().notified(token) is None
    assert [simulator.payment_of(text) for text in (token + "x", notice, "", str(payment.pk))] == [None] * 4
    simulator.choose(found[0], REFUSED)
    assert gateway().outcome(payment.pk).state == PAID

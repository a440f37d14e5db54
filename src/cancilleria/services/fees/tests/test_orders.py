"""Orders, receipts, exemptions, voids and refunds: each act whole, and the case behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cancilleria.kernel.cases import actions as cases
from cancilleria.kernel.cases import desk
from cancilleria.kernel.cases.procedures import BATCH, procedures
from cancilleria.kernel.cases.rules import (
    ADMITTED,
    AWAITING_PAYMENT,
    DENIED,
    GRANTED,
    INADMISSIBLE,
    OBSERVED,
    SUBMITTED,
    CannotFollow,
)
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, Actor, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.testing.cast import HEADQUARTERS, PDF
from cancilleria.kernel.testing.club import MEMBERSHIP
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.fees import actions, boxes, ledger, settling, tariff
from cancilleria.services.fees.actions import Evidence
from cancilleria.services.fees.closing import without_receipt
from cancilleria.services.fees.models import (
    CANCELLED,
    INCOME,
    PENDING,
    REFUNDS,
    SETTLED,
    Exemption,
    Means,
    Order,
    Receipt,
    Refund,
    TariffLine,
)
from cancilleria.services.fees.queries import number_of
from cancilleria.services.fees.rules import CARD, CASH, TRANSFER, NotAnAmount
from cancilleria.services.fees.tests.cast import DUE, EXEMPTIONS, RATES, SINCE, TARIFF, Office, line, office

pytestmark = pytest.mark.django_db
PAID = ["fee.received", "fee.collected", "fee.collected", "case.resumed"]


@pytest.fixture
def scene(db: None) -> Iterator[Office]:
    with office() as found:
        yield found


def income() -> int:
    return -ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=INCOME)


def pay(scene: Office, *orders: Order, given: int = 10000) -> Receipt:
    return actions.take_payment(actor=scene.sara, orders=[o.pk for o in orders], means=CASH, given=given)


def test_a_request_that_owes_a_fee_waits_for_its_payment(scene: Office) -> None:
    case = verify_action(scene.submit, records=["case.submitted", "fee.ordered", "case.paused"])
    order = Order.objects.get(case=case)
    assert (order.total, order.currency, order.state, case.state) == (DUE, "CHF", PENDING, AWAITING_PAYMENT)
    assert [(row.key, row.unit, row.unit_amount, row.amount, row.factor) for row in order.lines.order_by("key")] == [
        ("card", "CHF", 250, 250, "1"), ("joining", "unit", 1000, 2030, "2.03"),
    ]  # fmt: skip


def test_only_its_payment_lets_it_go_on(scene: Office) -> None:
    case = scene.submit()
    with pytest.raises(CannotFollow):
        cases.resume_case(actor=scene.people.alicia, case=case)
    assert {"resume", "await_payment"} & {o.act.key for o in desk.offered(case, scene.people.alicia)} == set()
    actions.open_session(actor=scene.sara, opening=0)
    receipt = verify_action(lambda: pay(scene, Order.objects.get()), records=PAID)
    case.refresh_from_db()
    assert (case.state, number_of(receipt)[5:], receipt.total, income()) == (SUBMITTED, "CLUB-000001", DUE, DUE)
    assert "await_payment" not in {o.act.key for o in desk.offered(case, scene.people.alicia)}


def test_one_receipt_settles_several_cases(scene: Office) -> None:
    orders = [scene.order() for _ in range(3)]
    actions.open_session(actor=scene.sara, opening=0)
    receipt = pay(scene, *orders)
    assert (receipt.total, receipt.lines.count(), receipt.orders.count()) == (3 * DUE, 6, 3)
    assert set(Order.objects.values_list("state", "case__state")) == {(SETTLED, SUBMITTED)}
    assert income() == 3 * DUE


def test_an_order_is_paid_once(scene: Office) -> None:
    order = scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    pay(scene, order)
    with pytest.raises(settling.AlreadySettled):
        pay(scene, order)
    assert (Receipt.objects.count(), income()) == (1, DUE)


def test_money_is_taken_only_by_means_of_the_post_and_enough_of_it(scene: Office) -> None:
    order = scene.order()
    with pytest.raises(boxes.NoSession):
        pay(scene, order)
    actions.open_session(actor=scene.sara, opening=0)
    with pytest.raises(NotAnAmount):
        pay(scene, order, given=DUE - 1)
    for means, reference in ((CARD, ""), (TRANSFER, " "), ("gateway", "x"), ("none", "x")):
        with pytest.raises(actions.NotTaken):
            actions.take_payment(actor=scene.sara, orders=[order.pk], means=means, reference=reference)
    with pytest.raises(NotAuthorised):
        actions.take_payment(actor=scene.people.alicia, orders=[order.pk], means=CASH, given=DUE)
    assert Receipt.objects.count() == 0
    assert actions.take_payment(actor=scene.sara, orders=[order.pk], means=CARD, reference="0042").reference == "0042"


def test_the_law_exempts_by_what_was_answered_and_the_receipt_of_zero_takes_its_number(scene: Office) -> None:
    case = verify_action(
        lambda: scene.submit(given_names="Huérfana"), records=["case.submitted", "fee.ordered", "fee.exempted"]
    )
    receipt = Receipt.objects.get(orders__case=case)
    assert (case.state, receipt.total, receipt.entry.number, income()) == (SUBMITTED, 0, 1, 0)
    assert receipt.exemption.key == "orphan"  # type: ignore[union-attr]


def test_what_an_entity_sends_in_a_batch_settles_by_its_agreement_where_the_law_has_one(scene: Office) -> None:
    row = {**EXEMPTIONS[0], "key": "agreement", "field": "channel", "value": "batch"}
    actions.load_tariff(
        actor=SYSTEM, organ=Organ.objects.get(pk=HEADQUARTERS), kind="exemptions", rows=[*EXEMPTIONS, row]
    )
    batched = replace(MEMBERSHIP, channels=(*MEMBERSHIP.channels, BATCH))
    with mock.patch.object(procedures, "get", return_value=batched):
        scene.people.carla = Actor("entity:club")
        case = verify_action(lambda: scene.submit(), records=["case.submitted", "fee.ordered", "fee.exempted"])
    assert (case.channel, case.state) == (BATCH, "submitted")
    receipt = Receipt.objects.get(orders__case=case)
    assert (receipt.total, receipt.exemption.key) == (0, "agreement")  # type: ignore[union-attr]


def test_a_named_officer_exempts_with_cause_and_evidence(scene: Office) -> None:
    order = scene.order()
    for given in (
        {"cause": "Incendio"},
        {"evidence": Evidence("Parte", PDF)},
        {"cause": " ", "evidence": Evidence("x", PDF)},
    ):
        with pytest.raises(actions.NoCause):
            actions.exempt_order(actor=scene.head, order=order, **given)  # type: ignore[arg-type]
    with pytest.raises(NotAuthorised):
        actions.exempt_order(actor=scene.sara, order=order, cause="Incendio", evidence=Evidence("Parte", PDF))
    receipt = verify_action(
        lambda: actions.exempt_order(
            actor=scene.head, order=order, cause="Incendio", evidence=Evidence("Parte.pdf", PDF)
        ),
        records=["fee.exempted", "case.resumed"],
    )
    order.refresh_from_db()
    assert (order.state, receipt.total, receipt.cause) == (SETTLED, 0, "Incendio")
    assert receipt.entry.public["documents"] == [receipt.evidence.versions.get().blob_id]  # type: ignore[union-attr]


def test_a_row_of_the_law_that_does_not_cover_the_fee_exempts_nobody(scene: Office) -> None:
    order = scene.order()
    row = Exemption.objects.create(
        key="half", lines=["card"], name_es="", name_en="", legal_basis="", source="", valid_from=SINCE
    )
    with pytest.raises(actions.NoCause):
        actions.exempt_order(actor=scene.head, order=order, exemption=row)
    assert actions.exempt_order(actor=scene.head, order=order, exemption=Exemption.objects.get(key="orphan")).total == 0


def test_a_voided_receipt_keeps_its_number_and_the_case_waits_again(scene: Office) -> None:
    order = scene.order()
    session = actions.open_session(actor=scene.sara, opening=500)
    receipt = pay(scene, order)
    voided = verify_action(
        lambda: actions.void_receipt(actor=scene.sara, receipt=receipt, reason="Pagó con billete falso"),
        records=["fee.voided", "fee.uncollected", "fee.uncollected", "case.paused"],
    )
    order.refresh_from_db()
    assert (order.state, order.receipt, order.case.state) == (PENDING, None, AWAITING_PAYMENT)
    assert (ledger.in_box(session), income(), voided.voided is not None) == (500, 0, True)
    with pytest.raises(actions.CannotVoid):
        actions.void_receipt(actor=scene.sara, receipt=receipt, reason="Otra vez")
    assert pay(scene, order).entry.number == 2


def test_a_receipt_is_voided_only_in_its_own_open_session_and_before_the_decision(scene: Office) -> None:
    one, two = scene.order(), scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    actions.open_session(actor=scene.other, opening=0)
    first, second = pay(scene, one), pay(scene, two)
    for actor, reason in ((scene.other, "x"), (scene.sara, " ")):
        with pytest.raises(actions.CannotVoid):
            actions.void_receipt(actor=actor, receipt=first, reason=reason)
    cases.decide_case(actor=scene.people.alicia, case=one.case, outcome=DENIED, reason="x")
    with pytest.raises(actions.CannotVoid):
        actions.void_receipt(actor=scene.sara, receipt=first, reason="x")
    actions.count_session(actor=scene.sara, pieces={})
    with pytest.raises(boxes.NoSession):
        actions.void_receipt(actor=scene.sara, receipt=second, reason="x")


def test_what_was_not_paid_is_owed_no_more_when_the_case_ends(scene: Office) -> None:
    case = scene.submit()
    verify_action(
        lambda: cases.withdraw_case(actor=CITIZEN, case=case),
        records=["case.decided", "fee.cancelled", "case.notified"],
    )
    assert Order.objects.get().state == CANCELLED
    actions.open_session(actor=scene.sara, opening=0)
    with pytest.raises(settling.AlreadySettled):
        pay(scene, Order.objects.get())


def test_a_refund_is_ordered_then_paid_as_the_tariff_says(scene: Office) -> None:
    order = scene.order()
    session = actions.open_session(actor=scene.sara, opening=0)
    pay(scene, order)
    with pytest.raises(actions.NotRefundable):
        actions.order_refund(actor=scene.head, order=order, reason="Desistió")
    cases.withdraw_case(actor=CITIZEN, case=order.case)
    with pytest.raises(NotAuthorised):
        actions.order_refund(actor=scene.sara, order=order, reason="Desistió")
    refund = verify_action(
        lambda: actions.order_refund(actor=scene.head, order=order, reason="Desistió"), records=["refund.ordered"]
    )
    with pytest.raises(actions.NotRefundable):
        actions.order_refund(actor=scene.head, order=order, reason="Desistió")
    verify_action(
        lambda: actions.pay_refund(actor=scene.sara, refund=refund, means=CASH), records=["refund.paid"]
    )  # fmt: skip
    verify_action(lambda: actions.pay_refund(actor=scene.sara, refund=refund, means=CASH), records=[])
    # The card is made and stays paid: only joining is given back.
    assert Refund.objects.get().amount == 2030
    assert ledger.in_box(session) == DUE - 2030
    assert ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=REFUNDS) == 2030


def test_an_inadmissible_request_gets_nothing_back_where_the_tariff_says_so(scene: Office) -> None:
    order = scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    pay(scene, order)
    cases.decide_case(actor=scene.people.alicia, case=order.case, outcome=INADMISSIBLE, reason="x")
    with pytest.raises(actions.NotRefundable):
        actions.order_refund(actor=scene.head, order=order, reason="x")


def test_a_price_is_that_of_the_day_it_was_ordered(scene: Office) -> None:
    order, organ = scene.order(), Organ.objects.get(pk=HEADQUARTERS)
    tomorrow = timezone.now().date() + timedelta(days=2)
    dearer = [
        {**TARIFF[0], "valid_to": tomorrow - timedelta(days=1)}, TARIFF[1],
        line("joining", "unit", 5000, valid_from=tomorrow),
    ]  # fmt: skip
    assert verify_action(
        lambda: actions.load_tariff(actor=SYSTEM, organ=organ, kind="tariff", rows=dearer), records=["tariff.changed"]
    ) == (1, 1)
    assert verify_action(
        lambda: actions.load_tariff(actor=SYSTEM, organ=organ, kind="tariff", rows=dearer), records=[]
    ) == (0, 0)
    order.refresh_from_db()
    assert order.total == DUE
    prices = [tariff.price(["joining"], organ=HEADQUARTERS, on=on)[0].amount for on in (order.day, tomorrow)]
    assert prices == [2030, 10150]


def test_a_price_is_not_rewritten_nor_deleted(scene: Office) -> None:
    organ = Organ.objects.get(pk=HEADQUARTERS)
    with pytest.raises(actions.Rewritten):
        actions.load_tariff(actor=SYSTEM, organ=organ, kind="tariff", rows=[{**TARIFF[0], "amount": 1}, TARIFF[1]])
    actions.load_tariff(actor=SYSTEM, organ=organ, kind="rates", rows=RATES[1:])
    with pytest.raises(tariff.NoPrice):
        tariff.price(["joining"], organ=HEADQUARTERS, on=timezone.now().date())
    assert tariff.price(["joining"], organ=HEADQUARTERS, on=date(2021, 1, 1))[0].amount == 2030


def test_the_database_refuses_two_prices_on_one_day(scene: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TariffLine.objects.create(**line("joining", "unit", 1, valid_from=date(2025, 1, 1)))


def test_each_post_collects_in_its_own_money(scene: Office) -> None:
    on = timezone.now().date()
    assert [(p.currency, p.amount) for p in tariff.price(["joining", "card"], organ="organ:branch-abroad", on=on)] == [
        ("EUR", 2100), ("EUR", 270),
    ]  # fmt: skip
    assert [organ for organ, _ in tariff.where(["joining"], on)] == ["organ:branch-abroad", HEADQUARTERS]
    with pytest.raises(tariff.NoPrice):
        tariff.price(["joining"], organ="organ:friday", on=on)


def test_an_organ_that_collects_nothing_orders_nothing_and_its_acts_are_listed(scene: Office) -> None:
    actions.load_tariff(actor=SYSTEM, organ=Organ.objects.get(pk=HEADQUARTERS), kind="means", rows=[])
    Means.objects.update(valid_to=date(2020, 1, 2))
    case = scene.submit()
    cases.decide_case(actor=scene.people.alicia, case=case, outcome=GRANTED)
    today = timezone.now().date()
    found = without_receipt(HEADQUARTERS, today - timedelta(days=1), today + timedelta(days=1))
    assert ([c.pk for c in found], Order.objects.count()) == ([case.pk], 0)


def test_what_is_asked_by_hand_stays_where_nothing_was_ordered(scene: Office) -> None:
    case = scene.submit(given_names="Huérfana")
    cases.admit_case(actor=scene.people.alicia, case=case)
    cases.observe_case(actor=scene.people.alicia, case=case, fields=["age"], reason="x")
    assert (case.state, ADMITTED) == (OBSERVED, case.back)

"""Figures of money: what they count is what the ledger holds, voids taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from cancilleria.kernel.indicators import acts
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.services.fees import actions, ledger
from cancilleria.services.fees.indicators import INDICATORS, in_currency
from cancilleria.services.fees.models import INCOME
from cancilleria.services.fees.tests.cast import DUE, Office, office

ALL = {found.key: found for found in (*INDICATORS, *in_currency("CHF"))}
EVER = Scope(date(2020, 1, 1), date(2100, 1, 1))


@pytest.fixture
def scene(db: None) -> Iterator[Office]:
    with office() as found:
        yield found


def test_every_figure_can_be_computed() -> None:
    assert all(found.rules() for found in ALL.values())
    assert all(found.code.startswith("RC-") for found in ALL.values())


@pytest.mark.django_db
def test_a_voided_receipt_leaves_the_facts_of_its_fees_annulled(scene: Office) -> None:
    orders = [scene.order() for _ in range(2)]
    actions.open_session(actor=scene.sara, opening=0)
    first, _ = [actions.take_payment(actor=scene.sara, orders=[order.pk], means="cash", given=DUE) for order in orders]
    actions.void_receipt(actor=scene.sara, receipt=first, reason="Error")
    counted = {
        key: sum(adds for _, adds in acts.acts(ALL[key].rules()[0], EVER))
        for key in ("fees.collected", "fees.receipts")
    }
    assert counted == {"fees.collected": DUE, "fees.receipts": 1}
    assert -ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=INCOME) == DUE

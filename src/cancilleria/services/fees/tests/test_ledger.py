"""The ledger: what the database refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.services.fees import ledger
from cancilleria.services.fees.actions import open_session
from cancilleria.services.fees.models import BOX, FLOAT, INCOME, Account, Line, Movement
from cancilleria.services.fees.tests.cast import DATED, Office, office

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, ProgrammingError, IntegrityError)


@pytest.fixture
def scene(db: None) -> Iterator[Office]:
    with office() as found:
        yield found


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_movement_balances(scene: Office) -> None:
    session = open_session(actor=scene.sara, opening=10000)
    check_now()
    assert ledger.in_box(session) == 10000
    assert ledger.balance(organ=HEADQUARTERS, currency="CHF", kind=FLOAT) == -10000


@pytest.mark.parametrize("amounts", [{BOX: 100, INCOME: -99}, {BOX: 100}, {}])
def test_a_movement_whose_lines_do_not_come_to_nothing_is_refused(scene: Office, amounts: dict[str, int]) -> None:
    session = open_session(actor=scene.sara, opening=0)
    moved = {(kind, session if kind == BOX else None): amount for kind, amount in amounts.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.post(
            entry=session.opened_id, organ=HEADQUARTERS, currency="CHF", day=DATED["valid_from"], amounts=moved,
        )  # type: ignore[arg-type]  # fmt: skip
        check_now()


def test_a_line_added_to_a_movement_that_was_balanced_is_refused(scene: Office) -> None:
    open_session(actor=scene.sara, opening=10000)
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(movement=Movement.objects.get(), account=Account.objects.first(), amount=1)
        check_now()


@pytest.mark.parametrize("statement", [
    "UPDATE fees_line SET amount = amount * 2", "DELETE FROM fees_line", "UPDATE fees_movement SET organ = 'x'",
    "DELETE FROM fees_movement", "TRUNCATE fees_line CASCADE", "UPDATE fees_account SET currency = 'XXX'",
    "UPDATE fees_orderline SET amount = 0", "DELETE FROM fees_receipt",
])  # fmt: skip
def test_nobody_changes_what_moved(scene: Office, statement: str) -> None:
    open_session(actor=scene.sara, opening=10000)
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert sorted(Line.objects.values_list("amount", flat=True)) == [-10000, 10000]


def test_the_owner_of_the_tables_does_not_change_them_either(scene: Office) -> None:
    open_session(actor=scene.sara, opening=10000)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE cancilleria_owner")
        with pytest.raises(REFUSED), transaction.atomic():
            cursor.execute("UPDATE fees_line SET amount = 1")
        cursor.execute("SET ROLE cancilleria_app")

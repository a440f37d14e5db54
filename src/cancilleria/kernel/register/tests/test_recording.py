"""Recording: numbers, leaves, immutability, erasure."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from cancilleria.kernel.register import queries
from cancilleria.kernel.register.actions import erase_private, record
from cancilleria.kernel.register.models import ANNULS, RECTIFIES, Book, Entry, EntryPrivate, Unsequenced
from cancilleria.kernel.register.tests.invented import ERASED, MOVE, MOVED, ORGAN, ZONE, Move, recording

pytestmark = pytest.mark.django_db


def test_numbers_follow_one_another_in_a_book() -> None:
    with transaction.atomic():
        numbers = [recording().number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert Book.objects.get().last_number == 3


def test_a_transaction_that_fails_burns_no_number() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        recording()
        raise RuntimeError
    with transaction.atomic():
        assert recording().number == 1


def test_an_entry_waits_for_the_log_and_says_who_acted() -> None:
    with transaction.atomic():
        recorded = recording(subjects=["game:1"])
    found = queries.entry(recorded.id)
    assert (found.verb, found.organ, found.actor) == (MOVED.code, ORGAN, "posting:alicia")
    assert found.facts == {"piece": "rook"}
    assert Unsequenced.objects.filter(entry=found).exists()
    assert [line.sentence for line in queries.history("game:1")] == ["Movió rook"]


@pytest.mark.parametrize("statement", ["UPDATE register_entry SET verb = 'x'", "DELETE FROM register_entry",
                                       "TRUNCATE register_entry CASCADE", "DELETE FROM register_entry_private"])  # fmt: skip
def test_the_application_role_cannot_change_the_register(statement: str) -> None:
    with transaction.atomic():
        recording()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE register_entry SET verb = 'x'", "DELETE FROM register_entry",
                                       "TRUNCATE register_entry CASCADE", "DELETE FROM register_entry_private",
                                       "UPDATE register_book SET last_number = 0"])  # fmt: skip
def test_not_even_the_owner_can_change_the_register_by_accident(statement: str) -> None:
    with transaction.atomic():
        recording()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused for another reason
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cancilleria_owner")
        cursor.execute(statement)


def test_a_chain_of_corrections_is_linear() -> None:
    with transaction.atomic():
        first = recording()
        second = recording(relation=(RECTIFIES, first.id))
    assert queries.status_of(queries.entry(first.id)).state == queries.CORRECTED
    with pytest.raises(IntegrityError), transaction.atomic():
        recording(relation=(ANNULS, first.id))
    with transaction.atomic():
        recording(relation=(ANNULS, second.id))
    assert queries.status_of(queries.entry(second.id)).state == queries.ANNULLED


def test_erasure_needs_its_act_and_leaves_the_leaf() -> None:
    with transaction.atomic():
        recorded = recording(private={"name": "Carla Inventada"})
    assert queries.private_of(recorded.id) == {"name": "Carla Inventada"}
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT register_erase(%s)", [recorded.id])
    erase_private(target=recorded.id, verb=ERASED, organ=ORGAN, zone=ZONE, actor="posting:alicia", facts=ERASED.facts())
    assert queries.private_of(recorded.id) is None
    assert not EntryPrivate.objects.filter(pk=recorded.id).exists()
    assert queries.entry(recorded.id).leaf_hash == recorded.leaf_hash


def test_facts_of_another_verb_are_refused() -> None:
    with pytest.raises(TypeError, match="Move"), transaction.atomic():
        record(MOVED, organ=ORGAN, zone=ZONE, actor="posting:alicia", facts=ERASED.facts())
    assert MOVE is Move

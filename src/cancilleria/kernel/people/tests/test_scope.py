"""Row-level security: what each transaction sees of persons, whatever the query asks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from django.db import ProgrammingError, connection, transaction

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.kernel.people.actions import find_or_create_person, note_contact
from cancilleria.kernel.people.models import Contact, IdentityDocument, Person
from cancilleria.kernel.testing.cast import HEADQUARTERS, on_stage

BRANCH = "organ:branch-abroad"
HOME_OFFICER = Actor("posting:home", HEADQUARTERS, frozenset({"desk.cases"}))
BRANCH_OFFICER = Actor("posting:branch", BRANCH, frozenset({"desk.cases"}))
PLANNER = Actor("posting:plan", "organ:friday", frozenset({"desk.indicators*", "apostille.issued*"}))
AUDITOR = Actor("posting:audit", HEADQUARTERS, frozenset({"desk.cases*"}))
CITIZEN = Actor("public")


def register(number: str, organ: str = HEADQUARTERS) -> Person:
    """A person with a document and a contact, in a transaction of its own."""
    where = {"organ": organ, "zone": "UTC"}
    with transaction.atomic():
        person = find_or_create_person(
            actor=CITIZEN, **where, given_names="Carla", first_surname="Inventada", document_kind="dni",
            document_number=number, issuing_state="UT",
        )  # fmt: skip
        note_contact(actor=CITIZEN, **where, person=person, kind="email", value=f"{number}@utopia.example")
    return person


def seen(viewer: Actor) -> tuple[set[str], int, int]:
    with viewer_scope(viewer):
        keys = set(Person.objects.values_list("key", flat=True))
        return keys, IdentityDocument.objects.count(), Contact.objects.count()


@pytest.mark.usefixtures("fresh_database")
def test_an_organ_sees_the_persons_it_has_dealt_with_and_no_others() -> None:
    with on_stage():
        home, away = register("1"), register("2", BRANCH)
        assert seen(HOME_OFFICER) == ({home.key}, 1, 1)
        assert seen(BRANCH_OFFICER) == ({away.key}, 1, 1)
        assert seen(AUDITOR) == ({home.key, away.key}, 2, 2)
        assert seen(CITIZEN) == seen(PLANNER) == (set(), 0, 0)
        assert Person.objects.count() == 0
        assert register("1", BRANCH) == home
        assert seen(BRANCH_OFFICER) == ({home.key, away.key}, 2, 2)
        assert register("1", BRANCH) == home
        with viewer_scope(AUDITOR):
            assert Person.objects.get(pk=home.pk).organs == [HEADQUARTERS, BRANCH]


@pytest.mark.usefixtures("fresh_database")
def test_what_a_transaction_saw_never_reaches_the_next_client_of_the_pool() -> None:
    """Threads take turns on fewer connections; each asks as another viewer, some fail in the middle."""
    with on_stage():
        expected = {viewer: {register(str(n), viewer.organ or "").key for n in range(3)}
                    for viewer in (HOME_OFFICER, BRANCH_OFFICER)}  # fmt: skip
    expected[CITIZEN] = set()
    viewers = list(expected)

    def ask(turn: int) -> bool:
        viewer = viewers[turn % len(viewers)]
        try:
            with viewer_scope(viewer):
                found = set(Person.objects.values_list("key", flat=True))
                if turn % 5 == 0:
                    raise RuntimeError
        except RuntimeError:
            found = set(Person.objects.values_list("key", flat=True)) | expected[viewer]
        finally:
            connection.close()
        return found == expected[viewer]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


@pytest.mark.usefixtures("fresh_database")
def test_the_same_document_at_the_same_time_is_one_person() -> None:
    with on_stage(), ThreadPoolExecutor(8) as pool:

        def one(_: int) -> str:
            try:
                return register("7").key
            finally:
                connection.close()

        assert len(set(pool.map(one, range(16)))) == 1


def test_a_scope_within_a_scope_gives_back_the_one_around_it(db: None) -> None:
    with on_stage():
        home = register("1").key
        with viewer_scope(HOME_OFFICER):
            with viewer_scope(CITIZEN):
                assert not Person.objects.exists()
            assert Person.objects.get().key == home


def test_rows_are_neither_taken_over_nor_deleted(db: None) -> None:
    with on_stage():
        home = register("1")
        with viewer_scope(BRANCH_OFFICER):
            assert Person.objects.filter(pk=home.pk).update(organs=[BRANCH]) == 0
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Contact.objects.create(person_id=home.pk, kind="email", value="x@utopia.example")
        with viewer_scope(HOME_OFFICER):
            assert Person.objects.filter(pk=home.pk)._raw_delete("default") == 0
            assert Person.objects.filter(pk=home.pk).exists()


def test_the_worker_sees_every_row(as_worker: Callable[[], AbstractContextManager[None]]) -> None:
    with on_stage():
        home = register("1").key
        with viewer_scope(CITIZEN), as_worker():
            assert [p.key for p in Person.objects.all()] == [home]

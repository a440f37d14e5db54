"""Names, and persons known by their documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.kernel.people import queries
from cancilleria.kernel.people.actions import find_or_create_person, note_contact, register_entity
from cancilleria.kernel.people.models import Contact, Entity, Person
from cancilleria.kernel.people.rules import fold, sort_key, travel_form
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, on_stage
from cancilleria.kernel.testing.replay import verify_action


@pytest.mark.parametrize(("names", "form"), [
    (("José", "Núñez", "Peña"), "NUNEZ PENA, JOSE"), (("Jürgen", "Groß", ""), "GROSS, JUERGEN"),
    (("Søren", "Ærø", ""), "AEROE, SOEREN"), (("María-José", "O'Brien", ""), "OBRIEN, MARIA JOSE"), (("Ana", "", ""), "ANA"),
])  # fmt: skip
def test_the_travel_form_has_the_letters_of_doc_9303(names: tuple[str, str, str], form: str) -> None:
    assert travel_form(*names) == form


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_enye_comes_after_n_and_before_o() -> None:
    names = ["Oré", "Ñaupa", "Nuñez", "Nunez"]
    assert sorted(names, key=lambda n: sort_key("A", n))[-2:] == ["Ñaupa", "Oré"]


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


def register(cast: Cast, given: str, number: str) -> Person:
    return find_or_create_person(
        actor=cast.carla, organ=HEADQUARTERS, zone="America/Lima", given_names=given, first_surname="Inventada",
        document_kind="dni", document_number=number, issuing_state="PE",
    )  # fmt: skip


def test_the_same_document_is_the_same_person_and_the_name_on_file_stays(cast: Cast) -> None:
    first = verify_action(lambda: register(cast, "Carla", "1 2 3"), records=["person.registered"])
    again = verify_action(lambda: register(cast, "Otra", "123"), records=[])
    assert (again, again.given_names) == (first, "Carla")
    leaf = bytes(Entry.objects.get(verb="person.registered").leaf)
    assert b"Carla" not in leaf
    assert b"commitment" in leaf


def test_a_contact_is_noted_once_and_its_value_is_private(cast: Cast) -> None:
    person = register(cast, "Carla", "1")

    def note() -> Contact:
        where = {"organ": HEADQUARTERS, "zone": "America/Lima"}
        return note_contact(actor=cast.carla, **where, person=person, kind="email", value=" carla@utopia.example ")

    noted = verify_action(note, records=["person.contact_noted"])
    assert verify_action(note, records=[]) == noted
    assert Entry.objects.get(verb="person.contact_noted").facts == {"kind": "email"}


def test_an_entity_is_known_by_its_folded_name_in_its_country(cast: Cast) -> None:
    def entity(name: str, country: str = "PE") -> Entity:
        return register_entity(
            actor=cast.diego, organ=HEADQUARTERS, zone="America/Lima", name=name, kind="public", country=country
        )

    first = verify_action(lambda: entity("Registro Público de Utopía"), records=["entity.registered"])
    assert verify_action(lambda: entity("REGISTRO PUBLICO DE UTOPIA"), records=[]) == first
    assert verify_action(lambda: entity("Registro Público de Utopía", "ES"), records=["entity.registered"]) != first


def test_possible_duplicates_are_shown_only_to_who_may_see_people(cast: Cast) -> None:
    one, other = register(cast, "Carla", "1"), register(cast, "CARLA", "2")
    with viewer_scope(cast.diego):
        assert list(queries.possible_duplicates(one, viewer=cast.diego)) == [other]
    with viewer_scope(cast.bruno):
        assert list(queries.possible_duplicates(one, viewer=cast.bruno)) == []

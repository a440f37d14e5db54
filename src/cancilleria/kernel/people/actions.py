"""Writers of people. A person is known by an identity document; the same document is the same person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F, Func, Value

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.scope import reveal
from cancilleria.kernel.people import queries, rules
from cancilleria.kernel.people.models import Contact, Entity, IdentityDocument, Person, State
from cancilleria.kernel.people.verbs import (
    CONTACT_NOTED,
    ENTITY_REGISTERED,
    PERSON_REGISTERED,
    PERSON_SHARED,
    STATES_LOADED,
    ContactFacts,
    EntityFacts,
    Shared,
    StatesFacts,
)
from cancilleria.kernel.register.actions import record


@transaction.atomic
def find_or_create_person(
    *, actor: Actor, organ: str, zone: str, given_names: str, first_surname: str, second_surname: str = "",
    document_kind: str, document_number: str, issuing_state: str,
) -> Person:  # fmt: skip
    """The person with this identity document, registered now if unknown; from now on `organ` sees them.

    The name on file is never overwritten. Whoever asks at the same time with the same document waits for this transaction.
    """
    number = "".join(document_number.upper().split())
    known = queries.known_person(document_kind, number, issuing_state)
    key = known or f"person:{uuid.uuid4()}"
    reveal(key)
    if known is not None:
        _show(key, organ)
        return Person.objects.get(pk=key)
    names = (given_names.strip(), first_surname.strip(), second_surname.strip())
    person = Person.objects.create(
        key=key, given_names=names[0], first_surname=names[1], second_surname=names[2],
        travel_form=rules.travel_form(*names), folded_name=rules.fold(" ".join(names)), sort_key=rules.sort_key(*names),
        organs=[organ],
    )  # fmt: skip
    IdentityDocument.objects.create(person=person, kind=document_kind, number=number, issuing_state=issuing_state)
    record(PERSON_REGISTERED, organ=organ, zone=zone, actor=actor.key, subjects=[person.key])
    return person


@transaction.atomic
def share_person(*, actor: Actor, organ: str, zone: str, person: str, to: str) -> None:
    """Let another organ see a person, because a matter of theirs goes there. `person` is their key."""
    reveal(person)
    if _show(person, to):
        record(PERSON_SHARED, organ=organ, zone=zone, actor=actor.key, facts=Shared(to=to), subjects=[person])


@transaction.atomic
def note_contact(*, actor: Actor, organ: str, zone: str, person: Person, kind: str, value: str) -> Contact:
    """Keep where a person said they can be reached, `kind` of CONTACT_KINDS. Known already: nothing is recorded."""
    contact, new = Contact.objects.get_or_create(person=person, kind=kind, value=value.strip())
    if new:
        record(
            CONTACT_NOTED, organ=organ, zone=zone, actor=actor.key, facts=ContactFacts(kind=kind),
            private={"value": contact.value}, subjects=[person.key],
        )  # fmt: skip
    return contact


@transaction.atomic
def register_entity(*, actor: Actor, organ: str, zone: str, name: str, kind: str, country: str) -> Entity:
    """The entity of this name in this country, marks and capitals apart; registered now if unknown."""
    values = {"key": f"entity:{uuid.uuid4()}", "name": name.strip(), "kind": kind}
    entity, new = Entity.objects.get_or_create(folded_name=rules.fold(name), country=country, defaults=values)
    if new:
        facts = EntityFacts(kind=kind, country=country)
        record(ENTITY_REGISTERED, organ=organ, zone=zone, actor=actor.key, facts=facts, subjects=[entity.key])
    return entity


@transaction.atomic
def load_states(*, actor: Actor, organ: str, zone: str, rows: Sequence[Mapping[str, object]]) -> int:
    """Bring the table of States to the rows given; returns how many changed, and records it when any did."""
    held = {state.code: state for state in State.objects.all()}
    changed = [row for row in rows if _differs(held.get(str(row["code"])), row)]
    State.objects.bulk_create(
        [State(**row) for row in changed], update_conflicts=True, unique_fields=["code"],
        update_fields=[f.name for f in State._meta.concrete_fields if f.name != "code"],
    )  # fmt: skip
    if changed:
        facts = StatesFacts(rows=len(changed))
        record(STATES_LOADED, organ=organ, zone=zone, actor=actor.key, facts=facts)
    return len(changed)


def _show(person: str, organ: str) -> bool:
    """Add an organ to those that see a person; whether it was not among them."""
    added = Func(F("organs"), Value(organ), function="array_append", output_field=Person._meta.get_field("organs"))
    return bool(Person.objects.filter(pk=person).exclude(organs__contains=[organ]).update(organs=added))


def _differs(held: State | None, row: Mapping[str, object]) -> bool:
    return held is None or any(getattr(held, name) != value for name, value in row.items())

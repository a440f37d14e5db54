"""Writers of people. A person is known by an identity document; the same document is the same person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.people import rules
from cancilleria.kernel.people.models import IdentityDocument, Person, State
from cancilleria.kernel.people.verbs import PERSON_REGISTERED, STATES_LOADED, StatesFacts
from cancilleria.kernel.register.actions import record


@transaction.atomic
def find_or_create_person(
    *, actor: Actor, organ: str, zone: str, given_names: str, first_surname: str, second_surname: str = "",
    document_kind: str, document_number: str, issuing_state: str,
) -> Person:  # fmt: skip
    """The person with this identity document, registered now if unknown. The name on file is never overwritten."""
    number = "".join(document_number.upper().split())
    lookup = {"kind": document_kind, "number": number, "issuing_state": issuing_state}
    known = Person.objects.filter(identity_documents__in=IdentityDocument.objects.filter(**lookup)).first()
    if known is not None:
        return known
    names = (given_names.strip(), first_surname.strip(), second_surname.strip())
    person = Person.objects.create(
        key=f"person:{uuid.uuid4()}",
        given_names=names[0],
        first_surname=names[1],
        second_surname=names[2],
        travel_form=rules.travel_form(*names),
        folded_name=rules.fold(" ".join(names)),
        sort_key=rules.sort_key(*names),
    )
    IdentityDocument.objects.create(person=person, **lookup)
    record(PERSON_REGISTERED, organ=organ, zone=zone, actor=actor.key, subjects=[person.key])
    return person


@transaction.atomic
def load_states(*, actor: Actor, organ: str, zone: str, rows: Sequence[Mapping[str, object]]) -> int:
    """Bring the table of States to the rows given; returns how many changed, and records it when any did."""
    held = {state.code: state for state in State.objects.all()}
    changed = [row for row in rows if _differs(held.get(str(row["code"])), row)]
    for row in changed:
        State.objects.update_or_create(code=row["code"], defaults=dict(row))
    if changed:
        facts = StatesFacts(rows=len(changed))
        record(STATES_LOADED, organ=organ, zone=zone, actor=actor.key, facts=facts)
    return len(changed)


def _differs(held: State | None, row: Mapping[str, object]) -> bool:
    return held is None or any(getattr(held, name) != value for name, value in row.items())

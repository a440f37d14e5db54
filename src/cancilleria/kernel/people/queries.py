"""Reads of people and States."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.utils import translation

from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.people.models import Person, State
from cancilleria.kernel.people.rules import fold


def known_person(kind: str, number: str, issuing_state: str) -> str | None:
    """Key of the person with this document, seen or not by this transaction; others who ask for it wait for its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_known(%s, %s, %s)", [kind, number, issuing_state])
        row: tuple[str | None] = cursor.fetchone()
    return row[0]


def possible_duplicates(person: Person, *, viewer: Viewer) -> QuerySet[Person]:
    """Other persons whose folded name is the same, of those the viewer's scope shows. Empty for who may not see people."""
    if not viewer.may("desk.people"):
        return Person.objects.none()
    return Person.objects.filter(folded_name=fold(person.name)).exclude(pk=person.pk).order_by("sort_key")


def states() -> list[tuple[str, str]]:
    """Code and name in the reader's language, in the order of the names."""
    column = "name_en" if (translation.get_language() or "es").startswith("en") else "name_es"
    found = State.objects.filter(special=False).values_list("code", column)
    return sorted(found, key=lambda row: fold(row[1]))


def state_name(code: str) -> str:
    """Its name in the reader's language; the code itself when unknown."""
    found = State.objects.filter(pk=code).first()
    if found is None:
        return code
    return found.name_en if (translation.get_language() or "es").startswith("en") else found.name_es

"""How the erasure of a person's data runs once a second person confirmed it."""

from __future__ import annotations

from django.utils.translation import gettext as translate

from cancilleria.kernel.cases.actions.erasure import CAUSES, OnHold, StillOpen, erase_person
from cancilleria.kernel.cases.data_verbs import DATA_ERASED
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.pairs import Arguments, Overtaken, Paired, Seconded
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.actions import Recorded


def erase(actor: Actor, subject: str, arguments: Arguments, seconded: Seconded) -> Recorded:
    """As the officer who asked. Raises Overtaken when a hold or a new request stands in the way by now."""
    person = Person.objects.filter(pk=subject).first()
    if person is None:
        raise Overtaken
    try:
        return erase_person(actor=actor, person=person, cause=arguments["cause"], seconded=seconded)
    except (OnHold, StillOpen):
        raise Overtaken from None


def tell_erasure(subject: str, arguments: Arguments) -> str:
    """The person by name, to whoever sees them; their key to others."""
    person = Person.objects.filter(pk=subject).first()
    given = {"who": person.name if person and person.name else subject, "why": CAUSES[arguments["cause"]]}
    return translate("Suprimir los datos personales de %(who)s. Causa: %(why)s") % given


PAIRED = {DATA_ERASED.code: Paired(erase, tell_erasure)}

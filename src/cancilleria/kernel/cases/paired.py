"""How erasure and disposal run once a second person confirmed them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as translate

from cancilleria.kernel.cases.actions.erasure import CAUSES, OnHold, StillOpen, erase_person
from cancilleria.kernel.cases.actions.retention import apply_retention
from cancilleria.kernel.cases.data_verbs import DATA_ERASED, RETENTION_APPLIED
from cancilleria.kernel.cases.retention import due, retentions
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.doors import in_language
from cancilleria.kernel.organs.models import Organ
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


def dispose(actor: Actor, subject: str, arguments: Arguments, seconded: Seconded) -> Recorded:
    """What was past its time on the day it was asked. Raises Overtaken when the class is no more, or nothing is left."""
    rule = retentions().get(arguments["rule"])
    if rule is None:
        raise Overtaken
    organ = Organ.objects.get(pk=arguments["organ"])
    until = date.fromisoformat(arguments["until"])
    return apply_retention(actor=actor, rule=rule, organ=organ, until=until, seconded=seconded)


def tell_disposal(subject: str, arguments: Arguments) -> str:
    """The class, and how many cases of it there are."""
    rule = retentions().get(arguments["rule"])
    count = due(rule, arguments["organ"], today=date.fromisoformat(arguments["until"])).count() if rule else 0
    given = {"what": in_language(rule.name) if rule else arguments["rule"], "cases": count}
    return translate("Disponer de %(cases)s expedientes que cumplieron su plazo: %(what)s") % given


PAIRED = {
    DATA_ERASED.code: Paired(erase, tell_erasure), RETENTION_APPLIED.code: Paired(dispose, tell_disposal),
}  # fmt: skip

"""What is recorded of people: opaque, personal by nature. States are public, and opaque costs them nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class StatesFacts(Facts):
    """How many States changed."""

    rows: int


class ContactFacts(Facts):
    """What kind of contact; where it leads is private."""

    kind: str


class Shared(Facts):
    """Key of the organ that sees them from now on."""

    to: str


class EntityFacts(Facts):
    """What it is and where it has its seat."""

    kind: str
    country: str


PERSON_REGISTERED = Verb("person.registered", _("Inscribió a una persona"), owner="people")
STATES_LOADED = Verb("states.loaded", _("Puso al día {rows} Estados"), owner="people", facts=StatesFacts)
CONTACT_NOTED = Verb(
    "person.contact_noted", _("Anotó cómo comunicarse con una persona"), owner="people", facts=ContactFacts
)
PERSON_SHARED = Verb("person.shared", _("Dio a conocer una persona a otra oficina"), owner="people", facts=Shared)
ENTITY_REGISTERED = Verb("entity.registered", _("Inscribió a una entidad"), owner="people", facts=EntityFacts)

VERBS = (PERSON_REGISTERED, PERSON_SHARED, CONTACT_NOTED, ENTITY_REGISTERED, STATES_LOADED)

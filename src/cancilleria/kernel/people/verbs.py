"""What is recorded of people: opaque, personal by nature. States are public, and opaque costs them nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class StatesFacts(Facts):
    """How many States changed."""

    rows: int


PERSON_REGISTERED = Verb("person.registered", _("Inscribió a una persona"), owner="people")
STATES_LOADED = Verb("states.loaded", _("Puso al día {rows} Estados"), owner="people", facts=StatesFacts)

VERBS = (PERSON_REGISTERED, STATES_LOADED)

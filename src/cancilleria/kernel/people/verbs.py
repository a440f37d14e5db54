"""What is recorded of people: opaque, personal by nature."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Verb

PERSON_REGISTERED = Verb("person.registered", _("Inscribió a una persona"), owner="people")

VERBS = (PERSON_REGISTERED,)

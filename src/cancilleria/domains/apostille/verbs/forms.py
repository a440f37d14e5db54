"""Blank forms: every serial that comes in is used by an act, spoiled, or returned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Stock(Facts):
    """How many forms, from which serial to which."""

    count: int
    first: str
    last: str


class Serial(Facts):
    """One form."""

    serial: str


FORM_RECEIVED = Verb(
    "form.received", _("Recibió {count} formularios en blanco, del {first} al {last}"), owner="apostille", facts=Stock
)
FORM_USED = Verb("form.used", _("Usó el formulario {serial}"), owner="apostille", facts=Serial)
FORM_SPOILED = Verb("form.spoiled", _("Inutilizó el formulario {serial}"), owner="apostille", facts=Serial)
FORM_RETURNED = Verb(
    "form.returned", _("Devolvió {count} formularios en blanco, del {first} al {last}"), owner="apostille", facts=Stock
)

VERBS = (FORM_RECEIVED, FORM_USED, FORM_SPOILED, FORM_RETURNED)

"""What is recorded of access: alarms with the office that owns them, sessions closed, passwords changed. Opaque."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Alarm(Facts):
    """`new_device` or `guessing`; whose account it is stands among the subjects. The entry's organ owns it."""

    kind: str


class Closed(Facts):
    """How many sessions ended."""

    sessions: int


ACCESS_ALARMED = Verb("access.alarmed", _("Avisó de un acceso que conviene revisar"), owner="accounts", facts=Alarm)
SESSIONS_CLOSED = Verb("access.sessions_closed", _("Cerró sesiones abiertas"), owner="accounts", facts=Closed)
PASSWORD_CHANGED = Verb("access.password_changed", _("Cambió su clave"), owner="accounts", facts=Closed)

WAY_IN_GIVEN = Verb("access.given", _("Dio una nueva entrada al sistema"), owner="accounts", facts=Closed)

VERBS = (ACCESS_ALARMED, SESSIONS_CLOSED, PASSWORD_CHANGED, WAY_IN_GIVEN)

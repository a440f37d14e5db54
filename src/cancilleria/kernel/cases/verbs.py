"""What is recorded of a case: opaque, because a case is about people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class OfProcedure(Facts):
    """Which procedure."""

    procedure: str


class OfVersion(Facts):
    """Which procedure, in which version."""

    procedure: str
    version: int


class Decided(Facts):
    """Which procedure, with which outcome."""

    procedure: str
    outcome: str


class Told(Facts):
    """Which procedure, told through which channel."""

    procedure: str
    channel: str


CASE_SUBMITTED = Verb(
    "case.submitted", _("Recibió la solicitud y le dio el número {number} de {year}"), owner="cases",
    facts=OfVersion, book="case",
)  # fmt: skip
CASE_ADMITTED = Verb("case.admitted", _("Admitió la solicitud a trámite"), owner="cases", facts=OfProcedure)
CASE_DECIDED = Verb("case.decided", _("Resolvió el expediente"), owner="cases", facts=Decided)
CASE_NOTIFIED = Verb("case.notified", _("Notificó la decisión al solicitante"), owner="cases", facts=Told)
CASE_READY = Verb("case.ready", _("Dejó el documento listo para su descarga"), owner="cases", facts=OfProcedure)
CASE_DELIVERED = Verb(
    "case.delivered", _("Entregó el documento a quien presentó número y código"), owner="cases", facts=Told
)
PROCEDURE_CHANGED = Verb(
    "procedure.changed", _("Puso en vigor la versión {version} de un trámite"), owner="cases", facts=OfVersion
)

VERBS = (
    CASE_SUBMITTED, CASE_ADMITTED, CASE_DECIDED, CASE_NOTIFIED, CASE_READY, CASE_DELIVERED, PROCEDURE_CHANGED,
)  # fmt: skip

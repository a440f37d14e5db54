"""What is recorded of a case: opaque, because a case is about people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class OfProcedure(Facts):
    """Which procedure."""

    procedure: str


class OfVersion(Facts):
    """Which procedure, in which version, and by which way it came in."""

    procedure: str
    version: int
    channel: str | None = None


class Decided(Facts):
    """Outcome, and how the term was kept: `days` working days the clock ran, pauses left out."""

    procedure: str
    outcome: str
    days: int | None = None
    in_term: bool | None = None
    same_day: bool | None = None


class Told(Facts):
    """Which procedure, told through which channel."""

    procedure: str
    channel: str


class Paused(Facts):
    """Which procedure, and the state in which its clock stands."""

    procedure: str
    why: str


class Resumed(Facts):
    """Which procedure, and the state it came back to."""

    procedure: str
    state: str


class Days(Facts):
    """Which procedure, and how many working days."""

    procedure: str
    days: int


class Moved(Facts):
    """Which procedure, and the key of the organ or posting it went to."""

    procedure: str
    to: str


CASE_SUBMITTED = Verb(
    "case.submitted", _("Recibió la solicitud y le dio el número {number} de {year}"), owner="cases",
    facts=OfVersion, book="case",
)  # fmt: skip
CASE_ADMITTED = Verb("case.admitted", _("Admitió la solicitud a trámite"), owner="cases", facts=OfProcedure)
CASE_OBSERVED = Verb("case.observed", _("Pidió corregir la solicitud"), owner="cases", facts=Days)
CASE_CORRECTED = Verb("case.corrected", _("Recibió la corrección de la solicitud"), owner="cases", facts=Resumed)
CASE_PAUSED = Verb("case.paused", _("Detuvo el plazo"), owner="cases", facts=Paused)
CASE_RESUMED = Verb("case.resumed", _("El plazo volvió a correr"), owner="cases", facts=Resumed)
CASE_EXTENDED = Verb("case.extended", _("Amplió el plazo en {days} días hábiles"), owner="cases", facts=Days)
CASE_LAPSED = Verb(
    "case.lapsed", _("Venció el plazo sin decisión: puede tenerse por denegada"), owner="cases", facts=OfProcedure
)
CASE_RECOUNTED = Verb(
    "case.recounted", _("Contó de nuevo el plazo por un cambio del calendario"), owner="cases", facts=OfProcedure
)
CASE_ASSIGNED = Verb("case.assigned", _("Encargó el expediente a otra persona"), owner="cases", facts=Moved)
CASE_ROUTED = Verb("case.routed", _("Pasó el expediente a otra oficina"), owner="cases", facts=Moved)
CASE_NOTED = Verb("case.noted", _("Anotó algo en el expediente"), owner="cases", facts=OfProcedure)
CASE_DECIDED = Verb("case.decided", _("Resolvió el expediente"), owner="cases", facts=Decided)
CASE_NOTIFIED = Verb("case.notified", _("Notificó la decisión al solicitante"), owner="cases", facts=Told)
CASE_APPEALED = Verb(
    "case.appealed", _("Recibió la apelación y le dio el número {number} de {year}"), owner="cases",
    facts=OfVersion, book="case",
)  # fmt: skip
CASE_REOPENED = Verb("case.reopened", _("Volvió a abrir el expediente: la apelación fue fundada"), owner="cases",
                     facts=OfProcedure)  # fmt: skip
CASE_READY = Verb("case.ready", _("Dejó listo el documento"), owner="cases", facts=OfProcedure)
CASE_DELIVERED = Verb(
    "case.delivered", _("Entregó el documento a quien presentó número y código"), owner="cases", facts=Told
)
CASE_UNCLAIMED = Verb("case.unclaimed", _("Nadie recogió el documento a tiempo"), owner="cases", facts=OfProcedure)
CASE_DESTROYED = Verb("case.destroyed", _("Destruyó el documento no recogido"), owner="cases", facts=OfProcedure)
CASE_CLOSED = Verb("case.closed", _("Cerró el expediente"), owner="cases", facts=OfProcedure)
PROCEDURE_CHANGED = Verb(
    "procedure.changed", _("Puso en vigor la versión {version} de un trámite"), owner="cases", facts=OfVersion
)

VERBS = (
    CASE_SUBMITTED, CASE_ADMITTED, CASE_OBSERVED, CASE_CORRECTED, CASE_PAUSED, CASE_RESUMED, CASE_EXTENDED, CASE_LAPSED,
    CASE_RECOUNTED, CASE_ASSIGNED, CASE_ROUTED, CASE_NOTED, CASE_DECIDED, CASE_NOTIFIED, CASE_APPEALED, CASE_REOPENED,
    CASE_READY, CASE_DELIVERED, CASE_UNCLAIMED, CASE_DESTROYED, CASE_CLOSED, PROCEDURE_CHANGED,
)  # fmt: skip

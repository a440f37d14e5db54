"""What notices say, in the language that is active. Number and address only: no personal data travels by mail."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import number_of
from cancilleria.services.notices.outbox import Message

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES: Mapping[str, tuple[StrOrPromise, StrOrPromise]] = {
    "received": (
        _("Recibimos su solicitud %(number)s"),
        _("Recibimos su solicitud. Su constancia lleva el número y el código con los que puede seguirla."),
    ),
    "decided.granted": (
        _("Su solicitud %(number)s fue concedida"),
        _("Su solicitud fue concedida. El documento se está firmando y le avisaremos cuando esté listo."),
    ),
    "decided.denied": (
        _("Su solicitud %(number)s fue denegada"),
        _("Su solicitud fue denegada. Lea el motivo y lo que puede hacer en la página de seguimiento."),
    ),
    "ready": (
        _("Su documento de la solicitud %(number)s está listo"),
        _("Su documento está firmado. Descárguelo en la página de seguimiento con su número y su código."),
    ),
}


def compose(kind: str, case: uuid.UUID) -> Message:
    """The message of a kind about a case."""
    found = Case.objects.select_related("entry").get(pk=case)
    subject, body = SENTENCES[kind]
    closing = translate("Siga su trámite en %(address)s/seguimiento/")
    note = translate("Demostración: este mensaje no tiene valor.") if settings.DEMONSTRATION else ""
    lines = [str(body), closing % {"address": settings.ADDRESS}, *([note] if note else [])]
    return Message(str(subject) % {"number": number_of(found)}, "\n\n".join(lines) + "\n")

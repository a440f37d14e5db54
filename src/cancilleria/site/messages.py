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
    "observed": (
        _("Su solicitud %(number)s necesita una corrección"),
        _("Lea en la página de seguimiento qué debe corregir y hasta cuándo. Mientras tanto el plazo está detenido."),
    ),
    "suspended": (
        _("El plazo de su solicitud %(number)s se suspendió"),
        _("Lea el motivo en la página de seguimiento. Le avisaremos cuando el plazo vuelva a correr."),
    ),
    "awaiting_payment": (
        _("Su solicitud %(number)s espera el pago"),
        _("Lea en la página de seguimiento cuánto debe pagar y dónde. El plazo vuelve a correr cuando pague."),
    ),
    "awaiting_body": (
        _("Su solicitud %(number)s espera la respuesta de otra entidad"),
        _(
            "Pedimos a otra entidad un dato que falta. No tiene que hacer nada: el plazo está detenido hasta que responda."
        ),
    ),
    "extended": (
        _("El plazo de su solicitud %(number)s se amplió"),
        _("Lea en la página de seguimiento el nuevo plazo."),
    ),
    "lapsed": (
        _("Venció el plazo de su solicitud %(number)s"),
        _("No hubo respuesta a tiempo. Puede tenerla por denegada y apelar, o esperar la decisión."),
    ),
    "reopened": (
        _("Su solicitud %(number)s se decidirá de nuevo"),
        _("Su apelación fue fundada. La oficina vuelve a decidir su solicitud en un plazo nuevo."),
    ),
    "decided.inadmissible": (
        _("Su solicitud %(number)s no fue admitida"),
        _("Lea el motivo y lo que puede hacer en la página de seguimiento."),
    ),
    "decided.withdrawn": (
        _("Su solicitud %(number)s quedó sin efecto, como usted pidió"),
        _("No tiene que hacer nada más. Puede presentar otra cuando quiera."),
    ),
    "decided.abandoned": (
        _("Su solicitud %(number)s quedó en abandono"),
        _("No recibimos a tiempo la corrección que le pedimos. Puede presentar otra solicitud o apelar."),
    ),
    "decided.granted_by_silence": (
        _("Su solicitud %(number)s se tiene por concedida"),
        _(
            "Venció el plazo sin respuesta y la norma la da por concedida. Le avisaremos cuando su documento esté listo."
        ),
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
        _("Su documento está listo. La página de seguimiento le dice, con su número y su código, cómo tenerlo."),
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

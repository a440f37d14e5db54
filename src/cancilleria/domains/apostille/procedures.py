"""The request for an apostille of an electronic document, as a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.rules import (
    DESTINATION_PROBLEMS,
    EXCLUDED,
    KINDS,
    SIGNATURE_PROBLEMS,
    destination_problem,
    kind_problem,
    signature_problem,
)
from cancilleria.kernel.cases.procedures import CHOICE, DOCUMENT, EMAIL, Field, Page, Problem, Procedure, Request
from cancilleria.kernel.documents.queries import inspection_of
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.people.queries import states

POWER = "apostille.issued"


def _identity_kinds() -> Sequence[tuple[str, str]]:
    return [(key, in_language(texts)) for key, texts in ministry().identity_documents.items()]


def _kinds() -> Sequence[tuple[str, str]]:
    return [(key, str(label)) for key, label in KINDS.items()] + [
        (key, str(found[0])) for key, found in EXCLUDED.items()
    ]


def _check_destination(request: Request) -> Iterable[Problem]:
    state = request.answers.get("destination", "")
    code = destination_problem(queries.membership(state), state=state, own=ministry().country, on=request.on)
    if code:
        yield Problem("destination", code, DESTINATION_PROBLEMS[code])


def _check_kind(request: Request) -> Iterable[Problem]:
    kind = request.answers.get("kind", "")
    if kind in EXCLUDED:
        yield Problem("kind", f"excluded_{kind}", kind_problem(kind))


def _check_document(request: Request) -> Iterable[Problem]:
    document = request.documents.get("document")
    if document is None:
        return
    state = inspection_of(document).signature
    code = signature_problem(state, queries.specimen_for(state))
    if code:
        yield Problem("document", code, SIGNATURE_PROBLEMS[code])


APOSTILLE = Procedure(
    key="apostille",
    pages=(
        Page(
            "destino",
            _("¿En qué país va a presentar el documento?"),
            (Field("destination", _("¿En qué país va a presentar el documento?"), CHOICE, choices=states),),
        ),
        Page(
            "documento",
            _("¿Qué documento es?"),
            (Field("kind", _("¿Qué documento es?"), CHOICE, choices=_kinds, radio=True),),
        ),
        Page(
            "archivo",
            _("Adjunte el documento"),
            (
                Field(
                    "document",
                    _("Documento electrónico firmado digitalmente"),
                    DOCUMENT,
                    hint=_(
                        "Un PDF de hasta 10 MB, tal como lo entregó la entidad. Se comprueba su firma en el momento."
                    ),
                ),
            ),
        ),
        Page(
            "nombre",
            _("¿Cómo se llama usted?"),
            (
                Field("given_names", _("Nombres"), hint=_("Como figuran en su documento de identidad")),
                Field("first_surname", _("Primer apellido")),
                Field("second_surname", _("Segundo apellido (si tiene)"), required=False),
            ),
        ),
        Page(
            "identidad",
            _("¿Con qué documento se identifica?"),
            (
                Field("document_kind", _("Tipo de documento"), CHOICE, choices=_identity_kinds, radio=True),
                Field("document_number", _("Número del documento"), max_length=20),
                Field("issuing_state", _("País que lo emitió"), CHOICE, choices=states),
            ),
        ),
        Page(
            "correo",
            _("¿A qué correo le avisamos?"),
            (
                Field(
                    "email",
                    _("Correo electrónico"),
                    EMAIL,
                    hint=_("Le avisaremos cuando se decida su solicitud. No lo usaremos para otra cosa."),
                ),
            ),
        ),
    ),
    checks={"destino": _check_destination, "documento": _check_kind, "archivo": _check_document},
    decide_power=POWER,
)

PROCEDURES = (APOSTILLE,)

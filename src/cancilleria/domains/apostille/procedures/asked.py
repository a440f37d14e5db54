"""Pages and checks that several certificates ask alike: which document, for where, of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.rules import (
    DESTINATION_PROBLEMS,
    EXCLUDED,
    KINDS,
    destination_problem,
    kind_problem,
)
from cancilleria.kernel.cases.procedures import CHOICE, EMAIL, Field, Page, Problem, Request
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.people.queries import states


def identity_kinds() -> Sequence[tuple[str, str]]:
    """What a person may identify with here: the ministry's profile says."""
    return [(key, in_language(texts)) for key, texts in ministry().identity_documents.items()]


WHO = (
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
            Field("document_kind", _("Tipo de documento"), CHOICE, choices=identity_kinds, radio=True),
            Field("document_number", _("Número del documento"), max_length=20),
            Field("issuing_state", _("País que lo emitió"), CHOICE, choices=states),
        ),
    ),
)
EMAIL_PAGE = Page(
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
)


def kinds() -> Sequence[tuple[str, str]]:
    """Every kind of document: those the Convention reaches, then those it does not."""
    return [(key, str(label)) for key, label in KINDS.items()] + [
        (key, str(found[0])) for key, found in EXCLUDED.items()
    ]


def check_destination(request: Request) -> Iterable[Problem]:
    """The Convention is in force between us and the State of destination on that day."""
    code = convention_with(request, "destination")
    if code:
        yield Problem("destination", code, DESTINATION_PROBLEMS[code])


def check_kind(request: Request) -> Iterable[Problem]:
    """The document is one the Convention reaches (article 1)."""
    kind = request.answers.get("kind", "")
    if kind in EXCLUDED:
        yield Problem("kind", f"excluded_{kind}", kind_problem(kind))


def convention_with(request: Request, field: str) -> str:
    """Why the Convention does not hold with the State answered, empty when it does."""
    state = request.answers.get(field, "")
    return destination_problem(queries.membership(state), state=state, own=ministry().country, on=request.on)

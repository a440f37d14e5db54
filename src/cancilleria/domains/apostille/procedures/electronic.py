"""The request for an apostille of an electronic document, as a value."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.procedures.asked import EMAIL_PAGE, WHO, check_destination, check_kind, kinds
from cancilleria.domains.apostille.rules import SIGNATURE_PROBLEMS, signature_problem
from cancilleria.kernel.cases.procedures import (
    BATCH,
    CHOICE,
    COUNTER,
    DOCUMENT,
    PORTAL,
    Field,
    Page,
    Problem,
    Procedure,
    Request,
)
from cancilleria.kernel.documents.queries import inspection_of
from cancilleria.kernel.people.queries import states

POWER = "apostille.issued"


def _check_document(request: Request) -> Iterable[Problem]:
    document = request.documents.get("document")
    if document is None:
        return
    state = inspection_of(document).signature
    code = signature_problem(state, queries.tenure_for(state))
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
            (Field("kind", _("¿Qué documento es?"), CHOICE, choices=kinds, radio=True),),
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
        *WHO,
        EMAIL_PAGE,
    ),
    checks={"destino": check_destination, "documento": check_kind, "archivo": _check_document},
    decide_power=POWER,
    channels=(PORTAL, COUNTER, BATCH),
)

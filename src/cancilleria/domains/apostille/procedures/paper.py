"""The routes of paper, entered at the window: apostille, and legalisation outward, by a consul, and inward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.models.certificates import CONSULAR
from cancilleria.domains.apostille.procedures.asked import (
    EMAIL_PAGE,
    WHO,
    check_destination,
    check_kind,
    convention_with,
    kinds,
)
from cancilleria.domains.apostille.rules import (
    LEGALISATION_PROBLEMS,
    PRIOR_PROBLEMS,
    legalisation_problem,
    missing_certifiers,
    parse_parts,
)
from cancilleria.kernel.cases.procedures import (
    CHOICE,
    COUNTER,
    DATE,
    LONG_TEXT,
    SCAN,
    Field,
    Page,
    Problem,
    Procedure,
    Request,
)
from cancilleria.kernel.people.queries import states
from cancilleria.kernel.register.queries import status_of

DESTINATION = Page(
    "destino",
    _("¿En qué país va a presentar el documento?"),
    (Field("destination", _("¿En qué país va a presentar el documento?"), CHOICE, choices=states),),
)
ORIGIN = Page(
    "origen",
    _("¿De qué país es el documento?"),
    (Field("origin", _("¿De qué país es el documento?"), CHOICE, choices=states),),
)
KIND = Page(
    "documento",
    _("¿Qué documento es?"),
    (Field("kind", _("¿Qué documento es?"), CHOICE, choices=kinds, radio=True),),
)
PARTS = Field(
    "parts",
    _("Quién firmó el documento y quiénes lo certificaron después"),
    LONG_TEXT,
    hint=_(
        "Una línea para cada firma, en su orden: nombre; cargo; entidad. La última es la que se certifica. Por ejemplo: "
        "Rosa Pérez; Registradora; Registro Civil"
    ),
)
SIGNED_ON = Field("signed_on", _("Fecha de la última firma"), DATE)
SIGNATURES = Page("firmas", _("Firmas"), (PARTS, SIGNED_ON))
PRIOR = Field(
    "consular_number",
    _("Número de la legalización de nuestro consulado"),
    hint=_("Está en el certificado. Déjelo vacío si firma un cónsul de otro país acreditado aquí."),
    required=False,
    max_length=40,
)
CONSUL_SIGNATURES = Page("firmas", _("Firmas"), (PRIOR, PARTS, replace(SIGNED_ON, required=False)))
ORIGINAL = Page(
    "original",
    _("El original"),
    (
        Field(
            "document",
            _("Escaneo del original que tiene a la vista"),
            SCAN,
            hint=_("Todas sus páginas, también los reversos con firmas o sellos."),
        ),
    ),
)
# At the window the person is there: an address to write to is welcome, not demanded.
CONTACT = Page("correo", EMAIL_PAGE.title, tuple(replace(f, required=False) for f in EMAIL_PAGE.fields))
END = (ORIGINAL, *WHO, CONTACT)


def _check_parts(request: Request) -> Iterable[Problem]:
    """Signatures can be read, and whoever must certify this kind of document before did so."""
    parts = parse_parts(request.answers.get("parts", ""))
    if parts is None:
        yield Problem(
            "parts", "unreadable", _("Escriba en cada línea tres datos con punto y coma: nombre; cargo; entidad.")
        )
        return
    missing = missing_certifiers(parts, queries.certifiers_of(request.answers.get("kind", "")))
    if missing:
        said = translate("Falta la certificación de: %(who)s. La persona debe obtenerla antes de volver.")
        yield Problem("parts", "not_certified", said % {"who": ", ".join(missing)})
    if request.answers.get("signed_on", "") > request.on.isoformat():
        yield Problem("signed_on", "future", _("La fecha de la firma no puede ser posterior a hoy."))


def _not_for_the_convention(field: str) -> Callable[[Request], Iterable[Problem]]:
    """What the Convention reaches is not legalised."""

    def check(request: Request) -> Iterable[Problem]:
        code = legalisation_problem(request.answers.get("kind", ""), convention_with(request, field))
        if code:
            yield Problem("kind" if code == "private" else field, code, LEGALISATION_PROBLEMS[code])

    return check


def _check_prior(request: Request) -> Iterable[Problem]:
    """The legalisation of our consul exists, is in force, and is one of a consul; without one, the date is asked."""
    number = request.answers.get("consular_number", "")
    prior = queries.find_legalisation(number) if number else None
    if not number:
        if not request.answers.get("signed_on"):
            yield Problem("signed_on", "missing", _("Escriba la fecha para continuar."))
    elif prior is None or prior.direction != CONSULAR:
        yield Problem("consular_number", "unknown", PRIOR_PROBLEMS["unknown"])
    elif not status_of(prior.entry).in_force:
        yield Problem("consular_number", "not_in_force", PRIOR_PROBLEMS["not_in_force"])
    yield from _check_parts(request)


APOSTILLE_PAPER = Procedure(
    key="apostille_paper",
    pages=(DESTINATION, KIND, SIGNATURES, *END),
    checks={"destino": check_destination, "documento": check_kind, "firmas": _check_parts},
    decide_power="apostille.issued",
    channels=(COUNTER,),
)
LEGALISATION_OUT = Procedure(
    key="legalisation_out",
    pages=(DESTINATION, KIND, SIGNATURES, *END),
    checks={"documento": _not_for_the_convention("destination"), "firmas": _check_parts},
    decide_power="legalisation.issued",
    channels=(COUNTER,),
)
LEGALISATION_CONSUL = Procedure(
    key="legalisation_consul",
    pages=(ORIGIN, KIND, SIGNATURES, *END),
    checks={"documento": _not_for_the_convention("origin"), "firmas": _check_parts},
    decide_power="legalisation.issued",
    channels=(COUNTER,),
)
LEGALISATION_INWARD = Procedure(
    key="legalisation_inward",
    pages=(KIND, CONSUL_SIGNATURES, *END),
    checks={"firmas": _check_prior},
    decide_power="legalisation.issued",
    channels=(COUNTER,),
)
PAPER = (APOSTILLE_PAPER, LEGALISATION_OUT, LEGALISATION_CONSUL, LEGALISATION_INWARD)

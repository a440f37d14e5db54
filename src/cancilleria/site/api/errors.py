"""Every error of a call as one of the problems (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from cancilleria.kernel.organs.authority import NotAuthorised
from cancilleria.services.interop.paging import BadCursor
from cancilleria.services.interop.problems import Problem, answer

log = logging.getLogger("cancilleria.interop")
# What is said of a datum that does not serve, by the kind of fault; anything else is of the wrong form.
FAULTS = {
    "missing": _("Falta este dato."), "string_too_long": _("Es demasiado largo."), "int_parsing": _("Escriba un número entero."),
    "greater_than_equal": _("Es demasiado pequeño."), "less_than_equal": _("Es demasiado grande."),
    "date_from_datetime_parsing": _("Escriba una fecha como 2026-11-25."), "extra_forbidden": _("Este dato sobra."),
}  # fmt: skip


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "pointer": "/" + "/".join(map(str, found["loc"][2 if found["loc"][0] == "body" else 1 :])),
            "detail": str(FAULTS.get(found["type"], _("No tiene la forma que se espera."))),
        }
        for found in error.errors
    ]
    return answer(Problem("not-valid", errors=errors))


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    kinds = {400: "malformed", 401: "no-token", 403: "not-allowed", 404: "not-found"}
    return answer(Problem(kinds.get(error.status_code, "malformed")))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("a call of the interface failed", exc_info=error)
    return answer(Problem("broken", translate("Quedó anotado. Vuelva a intentarlo: nada se hizo a medias.")))


def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return answer(error)


def _of_kind(kind: str) -> Any:
    return lambda request, error: answer(Problem(kind))


ERRORS: Mapping[type[Exception], Any] = {
    ValidationError: _invalid, HttpError: _refused, Problem: _problem, BadCursor: _of_kind("bad-cursor"),
    Http404: _of_kind("not-found"), NotAuthorised: _of_kind("not-allowed"),
    OperationalError: _of_kind("unavailable"), Exception: _broken,
}  # fmt: skip

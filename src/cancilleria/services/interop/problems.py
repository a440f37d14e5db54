"""Errors a program can tell apart (RFC 9457), with words for whoever reads them, in the language they asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KIND = "application/problem+json"
# Kind of problem: its status and its title. The kinds are told on the page of the interface.
PROBLEMS: Mapping[str, tuple[int, StrOrPromise]] = {
    "malformed": (400, _("El pedido no se entiende")),
    "bad-cursor": (400, _("El cursor no es de este servicio")),
    "key-missing": (400, _("Falta la cabecera Idempotency-Key")),
    "no-token": (401, _("Falta una llave que valga")),
    "not-allowed": (403, _("La llave no alcanza para esto")),
    "not-found": (404, _("No se encontró")),
    "wrong-method": (405, _("Esta dirección no admite ese método")),
    "not-lawful": (409, _("El acto no procede ahora")),
    "too-long": (413, _("El pedido es demasiado grande")),
    "not-valid": (422, _("Hay datos que no sirven")),
    "key-reused": (422, _("La Idempotency-Key ya se usó con otro pedido")),
    "too-many": (429, _("Demasiados pedidos")),
    "broken": (500, _("Algo falló de nuestro lado")),
    "full": (503, _("No hay espacio para guardarlo: no se asentó nada")),
    "unavailable": (503, _("El servicio no puede responder ahora")),
    "busy": (503, _("Hay más pedidos de los que podemos atender")),
}

RETRY_SECONDS = 5


class Problem(Exception):
    """Raised anywhere in a call of the interface; answered as one of PROBLEMS."""

    def __init__(self, kind: str, detail: StrOrPromise = "", errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.errors = kind, detail, errors


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """`application/problem+json` with type, title, status, and what to do."""
    status, title = PROBLEMS[problem.kind]
    body: dict[str, object] = {"type": f"{settings.ADDRESS}/api/#{problem.kind}", "title": str(title), "status": status}
    if problem.detail:
        body["detail"] = str(problem.detail)
    if problem.errors:
        body["errors"] = [{name: str(text) for name, text in found.items()} for found in problem.errors]
    text = json.dumps(body, ensure_ascii=False)
    later = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return HttpResponse(
        text, status=status, content_type=KIND, headers={"Cache-Control": "no-store", **later, **(headers or {})}
    )

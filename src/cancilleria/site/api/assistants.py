"""What assistants may ask, over MCP: only what is public, each answer with where it comes from and the head of the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field

from cancilleria.domains.apostille.api import Asked, verify, verify_file
from cancilleria.services.accounts.audience import EVERYONE
from cancilleria.services.interop.guard import guarded
from cancilleria.services.interop.mcp import VERSIONS, Server, Tool
from cancilleria.services.interop.problems import Problem
from cancilleria.site.api import catalogue
from cancilleria.site.api.register import checkpoint_shape
from cancilleria.site.api.service import VERSION

MOST = 20


class Arguments(BaseModel):
    """Arguments of a tool: nothing else is taken."""

    model_config = ConfigDict(extra="forbid")


class Words(Arguments):
    text: str = Field("", max_length=100, description="palabras de todos los días; vacío para ver todo")


class Key(Arguments):
    key: str = Field(max_length=100, description="la clave que dio la búsqueda")


class Figure(Key):
    period: str = Field("", max_length=20, description="un periodo publicado; vacío para el último")


class Nothing(Arguments):
    pass


class Certificate(Arguments):
    number: str = Field("", max_length=40, description="el número impreso, como 2026-ABC-000123")
    issued_on: date | None = Field(None, description="la fecha impresa")
    code: str = Field("", max_length=40, description="el código de verificación impreso")
    sha256: str = Field("", max_length=64, description="o bien, la huella SHA-256 del archivo firmado, sin lo demás")


def tools(request: HttpRequest) -> list[Tool]:
    """The tools, for a request whose tries are counted."""
    return [
        Tool("find_procedure", "Buscar un trámite", "Trámites del ministerio que se encuentran por palabras de todos los días.",
             Words, lambda given: _sourced("procedures", items=[_dumped(p) for p in catalogue.procedures(request, q=given.text)[:MOST]])),
        Tool("get_procedure", "Leer un trámite", "Requisitos, plazo, costo, silencio y base legal de un trámite.",
             Key, lambda given: _sourced(f"procedures/{given.key}", **_dumped(catalogue.procedure_whole(given.key)))),
        Tool("verify_document", "Verificar un documento",
             "Si una apostilla o legalización es auténtica y sigue vigente: por número, fecha y código, o por la huella del archivo.",
             Certificate, lambda given: _verified(request, given)),
        Tool("list_indicators", "Listar las cifras publicadas", "Cada cifra publicada con su último periodo y valor.",
             Nothing, lambda given: _sourced("indicators", items=[_dumped(row) for row in catalogue.published_indicators()])),
        Tool("read_indicator", "Leer una cifra publicada", "Una cifra con su regla, su sello y sus tablas tal como se publicaron.",
             Figure, lambda given: _sourced(f"indicators/{given.key}", **_dumped(catalogue.indicator_whole(given.key, given.period)))),
        Tool("find_organ", "Buscar una oficina", "Consulados, embajadas y oficinas, por nombre, ciudad o código de país.",
             Words, lambda given: _sourced("organs", items=[_dumped(o) for o in catalogue.find_organs(given.text, "", MOST).items])),
    ]  # fmt: skip


@require_POST
def _answer(request: HttpRequest) -> HttpResponse:
    """One message of the protocol. A page of another origin is refused, as the protocol demands."""
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != urlsplit(settings.ADDRESS).netloc:
        raise Problem("not-allowed")
    if request.headers.get("MCP-Protocol-Version", VERSIONS[0]) not in VERSIONS:
        raise Problem("malformed", _("Esta versión del protocolo no se habla aquí."))
    server = Server("cancilleria", VERSION, INSTRUCTIONS, tools(request))
    found = server.answer(request.body)
    return HttpResponse(status=202) if found is None else JsonResponse(found, json_dumps_params={"ensure_ascii": False})


INSTRUCTIONS = (
    "Consulta pública de un ministerio de relaciones exteriores. Cite siempre «source», y con una cifra su periodo. "
    "No hay aquí datos de personas ni se puede hacer ningún trámite."
)


def patterns() -> list[URLPattern]:
    return [path("mcp", guarded(_answer, EVERYONE), name="api_mcp")]


def _verified(request: HttpRequest, given: Certificate) -> Mapping[str, object]:
    if given.sha256:
        return _sourced(f"verifications/{given.sha256}", **_dumped(verify_file(request, given.sha256)))
    if given.issued_on is None:
        raise Problem("not-valid", _("Dé el número, la fecha y el código, o la huella del archivo."))
    asked = Asked(number=given.number, issued_on=given.issued_on, code=given.code)
    return _sourced("verifications", **_dumped(verify(request, asked)))


def _dumped(found: BaseModel) -> dict[str, object]:
    return found.model_dump(mode="json")


def _sourced(where: str, /, **found: object) -> Mapping[str, object]:
    head = checkpoint_shape()
    told = {"origin": head.origin, "size": head.size, "root": head.root} if head else None
    return {**found, "source": f"{settings.ADDRESS}/api/v1/{where}", "checkpoint": told}

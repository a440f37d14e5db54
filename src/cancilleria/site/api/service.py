"""The interface put together: its routers, its errors, its description, and the addresses with the audience of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.security import HttpBearer

from cancilleria.domains.apostille import api as apostille
from cancilleria.kernel.organs.authority import Actor
from cancilleria.services.accounts.audience import EVERYONE, Audience, programs
from cancilleria.services.interop.guard import guarded
from cancilleria.site.api import cases, catalogue, register
from cancilleria.site.api.errors import ERRORS

VERSION = "1.0.0"
BASE = "api/v1"
# For whom each address is. One without a row stops the start: silence is never permission.
AUDIENCES: Mapping[str, Audience] = {
    "api_procedures": EVERYONE, "api_procedure": EVERYONE, "api_organs": EVERYONE, "api_organ": EVERYONE,
    "api_indicators": EVERYONE, "api_indicator": EVERYONE, "api_register": EVERYONE, "api_entry": EVERYONE,
    "api_checkpoint": EVERYONE, "api_proof": EVERYONE, "api_status_days": EVERYONE, "api_status_list": EVERYONE,
    "api_track": EVERYONE, "api_verify": EVERYONE, "api_verify_file": EVERYONE,
    "api_desk_cases": programs("desk.cases"), "api_desk_case": programs("desk.cases"),
    "api_desk_acts": programs("desk.cases"), "api_specimens": programs("specimen.registered"),
}  # fmt: skip


class Token(HttpBearer):
    """A token of an officer's. The guard has read it already: here it is what the description tells."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.is_officer else None


@lru_cache(maxsize=1)
def interface() -> NinjaAPI:
    """Every call, with its errors. Made once."""
    api = NinjaAPI(
        title="Cancillería", version=VERSION, docs_url=None, openapi_url=None, urls_namespace="interface",
        servers=[{"url": settings.ADDRESS}],
        description=_("La interfaz de Cancillería para programas: lo público, sin llave; lo de una oficina, con la llave de uno de sus funcionarios."),
    )  # fmt: skip
    for router in (catalogue.router, register.router, apostille.public, cases.public):
        api.add_router("", router)
    for router in (cases.office, apostille.office):
        api.add_router("", router, auth=Token())
    for error, respond in ERRORS.items():
        api.add_exception_handler(error, respond)
    return api


def patterns() -> Iterator[URLPattern]:
    """Every address of the interface, guarded for its audience. Raises KeyError for one that AUDIENCES lacks."""
    for found in interface().urls[0]:
        if isinstance(found, URLPattern) and found.name != "api-root":
            name = str(found.name)
            yield path(f"{BASE}/{found.pattern}", guarded(found.callback, AUDIENCES[name]), name=name)


def description() -> dict[str, Any]:
    """OpenAPI 3.1 of the interface. Every operation may answer a problem (RFC 9457); those of an office may lack a token."""
    schema: dict[str, Any] = dict(interface().get_openapi_schema(path_prefix=BASE))
    schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for methods in schema["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = {
                "description": "RFC 9457",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            if operation.get("operationId", "").endswith("_act"):
                operation.setdefault("parameters", []).append(KEY)
    return schema


PROBLEM = {
    "type": "object", "title": "Problem", "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {
            "pointer": {"type": "string"}, "detail": {"type": "string"}}}},
    },
}  # fmt: skip
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 200}
}  # fmt: skip

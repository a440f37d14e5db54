"""The interface told to people and to programs, and the signed list of each day."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.interop.problems import PROBLEMS
from cancilleria.services.interop.status_lists import NAME
from cancilleria.site.api.service import description

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@require_safe
@audience(EVERYONE)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description that other programs read: OpenAPI 3.1."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False}, headers=OPEN)


@require_safe
@audience(EVERYONE)
def index(request: HttpRequest) -> HttpResponse:
    """The same for people: every call with what it takes, and every problem."""
    calls = [
        _call(method, address, operation)
        for address, methods in description()["paths"].items()
        for method, operation in methods.items()
    ]
    problems = [(kind, status, title) for kind, (status, title) in PROBLEMS.items()]
    context = {
        "public": [call for call in calls if not call["token"]], "office": [call for call in calls if call["token"]],
        "problems": problems, "address": settings.ADDRESS,
    }  # fmt: skip
    return render(request, "site/interface/index.html", context)


@require_safe
@audience(EVERYONE)
def status_list(request: HttpRequest, day: str) -> HttpResponse:
    """The signed list of a day; also a plain file that any server can carry."""
    path = settings.HOME / "estado" / f"{day}.json"
    if not NAME.fullmatch(day) or not path.is_file():
        raise Http404
    return HttpResponse(
        path.read_bytes(), content_type="application/json", headers={**OPEN, "Cache-Control": "no-cache"}
    )


def _call(method: str, address: str, operation: dict[str, Any]) -> dict[str, object]:
    given = [found["name"] for found in operation.get("parameters", [])]
    return {
        "method": method.upper(), "address": address, "parts": re.split(r"(?<=/)", address), "summary": operation["summary"],
        "given": given, "token": "security" in operation, "body": "requestBody" in operation,
    }  # fmt: skip

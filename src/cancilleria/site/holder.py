"""What this browser has shown number and code for: a signed cookie, so that no code stands in an address."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "tramites", "cases"
SECONDS = 12 * 3600
MOST = 8


def hold(response: HttpResponse, request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Remember that this browser may see the case."""
    known = [str(case), *(found for found in _held(request) if found != str(case))][:MOST]
    set_signed(response, COOKIE, ".".join(known), salt=SALT, seconds=SECONDS)
    return response


def holds(request: HttpRequest, case: uuid.UUID) -> bool:
    return str(case) in _held(request)


def set_signed(response: HttpResponse, name: str, value: str, *, salt: str, seconds: int) -> None:
    response.set_signed_cookie(
        name, value, salt=salt, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def address(request: HttpRequest) -> str:
    """Where the request comes from, to count tries only."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _held(request: HttpRequest) -> list[str]:
    value = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=SECONDS)
    return value.split(".") if value else []

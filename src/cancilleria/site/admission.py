"""Who is let in when there are more requests than a process can work on: officers before the public.

Before everything that asks the database or reads a form: a request that is refused costs neither.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

from cancilleria.site.errors import busy, wrong
from cancilleria.site.turns import BUDGETS, OFFICERS, PUBLIC, SIGN_IN, Budget, Full, Gate

HEALTH = "/salud"
# An officer who is not known yet comes by these.
ENTRANCES = ("/cuentas/", "/despacho/")
# A cookie signed for one session: its browser is an officer's. It opens nothing; it only chooses the budget, with no query.
MARK, SALT = "turno", "cancilleria.turno"
Respond = Callable[[HttpRequest], HttpResponseBase]


def admission(get_response: Respond) -> Respond:
    """A place while the body arrives, then a turn; who finds neither is told at once, and nothing was recorded."""
    gates = {budget: Gate(budget) for budget in BUDGETS}

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.path == HEALTH:
            return get_response(request)
        budget = budget_of(request)
        gate, sends = gates[budget], _length(request) > 0
        try:
            with gate.place(sends=sends):
                whole = _arrived(request)
                with gate.turn(sends=sends):
                    response = get_response(request) if whole else wrong(request)
        except Full:
            return busy(request)
        return response if budget is OFFICERS else _marked(request, response)

    return respond


def budget_of(request: HttpRequest) -> Budget:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if session and request.get_signed_cookie(MARK, "", salt=_salt(session), max_age=settings.SESSION_COOKIE_AGE):
        return OFFICERS
    return SIGN_IN if request.path.startswith(ENTRANCES) else PUBLIC


def _arrived(request: HttpRequest) -> bool:
    """Wait for the whole body. False when the line was cut: half a form would look like a form that says less."""
    expected = _length(request)
    if not 0 < expected <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return True  # none, or one that whoever reads it refuses
    try:
        return len(request.body) == expected
    except UnreadablePostError:
        return False


def _length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)


def _marked(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An officer's browser is known from the answer to their second factor on."""
    user, session = getattr(request, "user", None), getattr(request, "session", None)
    if user is not None and user.is_authenticated and session is not None and session.session_key:
        response.set_signed_cookie(
            MARK, "1", salt=_salt(session.session_key), max_age=settings.SESSION_COOKIE_AGE,
            httponly=True, samesite="Lax", secure=settings.SECURE,
        )  # fmt: skip
    return response


def _salt(session: str) -> str:
    return f"{SALT}.{session}"

"""What every call of the interface passes: its token, the limit of calls, its key, its ETag; and errors as problems.

A session is never heard here: a program shows a token in the `Authorization` header, which no browser sends by itself, so
that there is nothing to forge across sites.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.services.accounts.audience import Audience
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.interop.idempotency import once
from cancilleria.services.interop.problems import Problem, answer
from cancilleria.services.interop.tokens import Bearer, bearer_of

log = logging.getLogger("cancilleria.interop")
CALLS, SECONDS = 600, 60
LONGEST_BODY = 64 * 1024
View = Callable[..., HttpResponse]
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def guarded(view: View, who: Audience) -> View:
    """The view with everything a call passes, for that audience. Raises nothing: every error is an answer."""

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = _admitted(request, who, lambda: view(request, *args, **kwargs))
        except Problem as problem:
            response = answer(problem)
        except RequestDataTooBig:
            response = answer(Problem("too-long"))
        except OperationalError:
            log.exception("the interface has no database")
            response = answer(Problem("unavailable"), {"Retry-After": "5"})
        return _dressed(request, response, who)

    respond.audience = who  # type: ignore[attr-defined]
    respond.csrf_exempt = True  # type: ignore[attr-defined]
    return respond


def _admitted(request: HttpRequest, who: Audience, act: Callable[[], HttpResponse]) -> HttpResponse:
    bearer = None if who.public else bearer_of(request.headers.get("Authorization", ""))
    if not who.public and bearer is None:
        challenge = {"WWW-Authenticate": 'Bearer realm="cancilleria"'}
        detail = _("Envíe «Authorization: Bearer …» con una llave que no haya vencido ni se haya anulado.")
        return answer(Problem("no-token", detail), challenge)
    if not _within(request, bearer):
        return answer(Problem("too-many", _("Espere un minuto y siga.")), {"Retry-After": str(SECONDS)})
    _check_text(request)
    if request.method == "HEAD":
        request.method = "GET"
    actor = bearer.actor if bearer else CITIZEN
    request.actor = actor  # type: ignore[attr-defined]
    if bearer is None:
        return act()
    if who.power is not None and not actor.may(who.power):
        raise Problem("not-allowed", _("Pida una llave que incluya esta facultad."))
    with viewer_scope(actor), transaction.atomic():
        return once(request, f"token:{bearer.token.pk}", act) if request.method == "POST" else act()


def _within(request: HttpRequest, bearer: Bearer | None) -> bool:
    subject = str(bearer.token.pk) if bearer else str(request.META.get("REMOTE_ADDR", ""))
    return allowed("interface", subject, times=CALLS, seconds=SECONDS)


def _check_text(request: HttpRequest) -> None:
    """The database holds no zero characters, and nothing here is long."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
        raise Problem("too-long")
    texts = (request.path, *request.GET.keys(), *(v for values in request.GET.lists() for v in values[1]))
    if any("\x00" in text for text in texts) or b"\\u0000" in request.body or b"\x00" in request.body:
        raise Problem("malformed", _("Quite el carácter cero."))


def _dressed(request: HttpRequest, response: HttpResponse, who: Audience) -> HttpResponse:
    """ETag, `304` to who has it, and who else may keep or read the answer."""
    patch_vary_headers(response, ["Accept-Language"] if who.public else ["Accept-Language", "Authorization"])
    if who.public:
        for name, value in OPEN.items():
            response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-cache" if who.public else "private, no-cache")
    if response.status_code == 405:
        response = answer(Problem("wrong-method"), {"Allow": response.headers.get("Allow", "")})
    if request.method != "GET" or response.status_code != 200:
        return response
    etag = set_response_etag(response)["ETag"]
    found = get_conditional_response(request, etag=quote_etag(etag), response=response)
    return found if isinstance(found, HttpResponse) else response

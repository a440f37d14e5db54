"""Headers that every answer carries, and what no request may carry."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cancilleria.site.errors import wrong

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PROGRAMS = ("/api/", "/mcp")
Respond = Callable[[HttpRequest], HttpResponseBase]


def headers(get_response: Respond) -> Respond:
    """Strict policy: nothing inline, nothing from elsewhere. A view may set a stricter header of its own."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_personal(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    return respond


def text(get_response: Respond) -> Respond:
    """Refuses (400) the one character that no text has and that the database would refuse later, wherever it stands."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        # What programs send is no form: their guard reads the body itself, and a body is read once.
        form = not request.path.startswith(PROGRAMS)
        sent = [request.GET.lists(), *([request.POST.lists()] if form else [])]
        if "\x00" in request.path or any(
            "\x00" in value for lists in sent for _name, values in lists for value in values
        ):
            return wrong(request)
        return get_response(request)

    return respond


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the browser is known by more than its language: no cache keeps such a page, neither theirs nor one on the way."""
    impersonal = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    known = {*request.COOKIES, *response.cookies} - impersonal
    return bool(known) and not request.path.startswith(settings.STATIC_URL)

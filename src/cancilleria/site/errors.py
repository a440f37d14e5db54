"""Answers when something is not there, not allowed or went wrong: always words, always a way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cancilleria.services.interop.problems import Problem, answer

STATUS = {"forged": 403, "missing": 404, "forbidden": 403, "wrong": 400, "broken": 500}


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or cookies refused."""
    return _answer(request, "forged")


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "missing")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "forbidden")


def wrong(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "wrong")


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(request, "broken")


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    if request.path.startswith("/api/v1/"):
        return answer(Problem({"missing": "not-found", "broken": "broken"}.get(name, "malformed")))
    return render(request, "errors/page.html", {"error": name}, status=STATUS[name])

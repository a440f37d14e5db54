"""Answers when something is not there, not allowed or went wrong: always words, always a way on."""

from __future__ import annotations

import errno
import sys

import psycopg
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cancilleria.services.interop.problems import Problem, answer

STATUS = {"forged": 403, "missing": 404, "forbidden": 403, "wrong": 400, "broken": 500, "full": 503}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# Somebody has to make room: sooner it is not worth trying.
ROOM_SECONDS = 60


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
    """Called while the error is being handled. Without room on a disk the transaction was taken back: that is known, and said."""
    if is_full(sys.exc_info()[1]):
        told = _answer(request, "full")
        told["Retry-After"] = str(ROOM_SECONDS)
        return told
    return _answer(request, "broken")


def is_full(error: BaseException | None) -> bool:
    """Whether it comes from a disk without room: that of the database, or that of the files."""
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno in NO_ROOM):
            return True
        error = error.__cause__
    return False


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    if request.path.startswith("/api/v1/"):
        return answer(Problem({"missing": "not-found", "broken": "broken", "full": "full"}.get(name, "malformed")))
    return render(request, "errors/page.html", {"error": name}, status=STATUS[name])

"""Answers when something is not there, not allowed or went wrong: always words, always a way on."""

from __future__ import annotations

import errno
import sys
from functools import lru_cache

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from cancilleria.services.interop.problems import Problem, answer

# Known after how long it is worth trying again.
WAIT_SECONDS = 10
# Somebody has to make room on a disk: sooner it is not worth trying.
ROOM_SECONDS = 60
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
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
    """Called while the error is being handled: a database that went away is no fault of the code, and comes back.

    Without room on a disk the transaction was taken back: that is known, and said.
    """
    error = sys.exc_info()[1]
    if is_full(error):
        return _later(request, "full", ROOM_SECONDS)
    away = isinstance(error, OperationalError | InterfaceError)
    return _later(request, "unavailable") if away else _answer(request, "broken")


def busy(request: HttpRequest) -> HttpResponse:
    """There are more requests than can be worked on; this one was not begun."""
    return _later(request, "busy")


def is_full(error: BaseException | None) -> bool:
    """Whether it comes from a disk without room: that of the database, or that of the files."""
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno in NO_ROOM):
            return True
        error = error.__cause__
    return False


def _later(request: HttpRequest, name: str, seconds: int = WAIT_SECONDS) -> HttpResponse:
    """503 without a query: the page is the same for everybody who reads its language."""
    if request.path.startswith("/api/v1/"):
        return answer(Problem(name))
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(_page(name, get_language()), status=503, headers=headers)


@lru_cache
def _page(name: str, language: str) -> str:
    return render_to_string("errors/later.html", {"error": name})


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    if request.path.startswith("/api/v1/"):
        return answer(Problem({"missing": "not-found", "broken": "broken"}.get(name, "malformed")))
    return render(request, "errors/page.html", {"error": name}, status=STATUS[name])

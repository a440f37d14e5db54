"""The page that reads the digital seal of a paper, with the camera or from a picture, inside the browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.middleware import POLICY


@require_safe
@audience(EVERYONE)
def read_seal(request: HttpRequest) -> HttpResponse:
    """Only this page may run WebAssembly: the reader of codes is compiled to it."""
    response = render(request, "site/seal.html")
    response["Content-Security-Policy"] = POLICY + "; script-src 'self' 'wasm-unsafe-eval'"
    return response

"""The list page against a bare Django page with the same rows; the weight of public pages as a browser loads them."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from tests.bench.rows import Row

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import actor_for
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.site.demonstration_cases import submit
from cancilleria.site.views import desk

CASES, SECONDS = 60, 3.0
BARE = engines["django"].from_string(
    "<table>{% for c in cases %}<tr><td>{{ c.entry.number }}</td><td>{{ c.procedure }}</td><td>{{ c.applicant.name }}</td>"
    "<td>{{ c.filed_at }}</td><td>{{ c.due_on }}</td><td>{{ c.state }}</td></tr>{% endfor %}</table>"
)
PAGES = ("/", "/tramites/apostille/", "/verificar/")


def rows() -> Iterator[Row]:
    data = (settings.HOME / "demostracion" / "documentos" / "partida-de-nacimiento.pdf").read_bytes()
    for _ in range(CASES):
        submit(data)
    posting = Posting.objects.select_related("post", "officer").get(officer__given_names="Carla")
    request = RequestFactory().get("/despacho/")
    request.actor, request.session = actor_for(posting), SessionStore()  # type: ignore[attr-defined]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    ours = _rate(lambda: desk.tray(request))
    with viewer_scope(request.actor):  # type: ignore[attr-defined]
        bare = _rate(lambda: _bare(request))
    yield Row("tray of cases, 25 rows, one process", ours, bare, "pages/s", ">= 0.5 of bare", ours / bare >= 0.5)
    client, seen = Client(), set[str]()
    for path in PAGES:
        weight, requests = _weight(client, path, seen)
        limit = 60 if path == PAGES[0] else 20
        target = f"<= {limit} KB, <= 8 requests"
        yield Row(
            f"page {path} ({requests} requests, gzip)",
            weight / 1024,
            None,
            "KB",
            target,
            weight <= limit * 1024 and requests <= 8,
        )


def _bare(request: HttpRequest) -> HttpResponse:
    cases = Case.objects.select_related("entry", "applicant").order_by("due_on", "id")[:25]
    return HttpResponse(BARE.render({"cases": cases}, request=None))


def _rate(page: Callable[[], HttpResponse]) -> float:
    page()
    count, deadline = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < deadline:
        assert page().status_code == 200
        count += 1
    return count / SECONDS


def _weight(client: Client, path: str, seen: set[str]) -> tuple[int, int]:
    """Bytes a browser loads: the page, and what it has not loaded before."""
    body = client.get(path, headers={"accept-encoding": "identity"}).content
    found = set(re.findall(r'(?:href|src)="(/estatico/[^"]+\.(?:css|js|svg))"', body.decode()))
    sheets = {name for name in found if name.endswith(".css")}
    for name in sheets:
        text = _file(name).read_text()
        found |= {"/estatico/ui/" + ref for ref in re.findall(r'url\("([^"]+)"\)', text) if "ui/ui" in name}
    fresh = found - seen
    seen |= found
    total = len(gzip.compress(body))
    for name in fresh:
        data = _file(name).read_bytes()
        total += len(data) if name.endswith("woff2") else len(gzip.compress(data))
    return total, len(fresh) + 1


def _file(name: str) -> Path:
    return Path(settings.STATIC_ROOT) / name.removeprefix("/estatico/")

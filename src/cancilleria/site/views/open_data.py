"""Open data for everybody: the page, the catalogue, and the files of each package as the worker published them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.open_data import DATASETS

KINDS = {
    ".csv": "text/csv; charset=utf-8", ".json": "application/json", ".zip": "application/zip",
    ".jsonld": "application/ld+json",
}  # fmt: skip
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}
# Every file there is: what is not here is not found, whatever the address says.
FILES = frozenset(
    {"catalogo.jsonld"}
    | {f"{found.key}.zip" for found in DATASETS}
    | {f"{found.key}/datapackage.json" for found in DATASETS}
    | {f"{found.key}/{resource.name}.csv" for found in DATASETS for resource in found.resources}
)


@require_safe
@audience(EVERYONE)
def index(request: HttpRequest) -> HttpResponse:
    """What there is, what it leaves out and why, and the files."""
    return render(request, "site/interface/open_data.html", {"datasets": [_told(found.key) for found in DATASETS]})


@require_safe
@audience(EVERYONE)
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of a package, or the catalogue."""
    path: Path = settings.HOME / "datos" / name
    if name not in FILES or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=KINDS[path.suffix], headers=OPEN)


def _told(key: str) -> dict[str, object]:
    found = next(dataset for dataset in DATASETS if dataset.key == key)
    package: Path = settings.HOME / "datos" / f"{key}.zip"
    return {"dataset": found, "size": package.stat().st_size if package.is_file() else None}

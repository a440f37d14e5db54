"""Answers for programs: health, trust list, the log's static files."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.backup import verification
from cancilleria.site.composition import log_folder, profile
from cancilleria.site.log import revocations

WAITING = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(e.recorded_at)), 0)
FROM register_unsequenced u JOIN register_entry e ON e.id = u.entry_id
"""
LATE_SECONDS = 60
SAYS_FOR = timedelta(days=180)
FOREVER = "public, max-age=31536000, immutable"


@require_safe
@audience(EVERYONE)
def health(request: HttpRequest) -> HttpResponse:
    """200 while the installation can serve; says whether the log keeps up. 503 without a database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            waiting, oldest = cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"estado": "sin base de datos"}, status=503)
    late = oldest > LATE_SECONDS
    answer = {"estado": "bien", "registro": "atrasado" if late else "al día", "asientos_en_espera": waiting}
    if trial := verification.last(settings.HOME):
        answer["respaldo"] = "se recuperó y se revisó" if trial.good else "NO se pudo recuperar"
        answer["respaldo_revisado"] = trial.at.isoformat(timespec="seconds")
    else:
        answer["respaldo"] = "nunca se recuperó: no cuenta como respaldo"
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@audience(EVERYONE)
def trust_list(request: HttpRequest) -> HttpResponse:
    """The signed list that `verify` and the browser use."""
    data = (settings.HOME / "confianza.json").read_bytes()
    return HttpResponse(data, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@require_safe
@audience(EVERYONE)
def revocation_list(request: HttpRequest) -> HttpResponse:
    """Certificates the ministry's authority revoked (RFC 5280)."""
    found = revocations().files()
    if not found:
        raise Http404
    headers = {"Cache-Control": "public, max-age=300"}
    return HttpResponse(found[0], content_type="application/pkix-crl", headers=headers)


@require_safe
@audience(EVERYONE)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a fault (RFC 9116). The address is the profile's; a profile without one has no such page."""
    contact = profile().get("security_contact")
    if not contact:
        raise Http404
    until = timezone.now().replace(microsecond=0, second=0, minute=0) + SAYS_FOR
    lines = [
        f"Contact: {contact}", f"Expires: {until.isoformat()}", f"Preferred-Languages: {', '.join(profile()['languages'])}",
        f"Canonical: {settings.ADDRESS}{request.path}",
    ]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@audience(EVERYONE)
def log_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the log (C2SP tlog-tiles). Tiles never change; the checkpoint does."""
    root = log_folder().path.resolve()
    path = (root / name).resolve()
    if root not in path.parents or not path.is_file() or path.name.endswith(".nuevo"):
        raise Http404
    tile = name.startswith("tile/")
    kind = "application/octet-stream" if tile else "text/plain; charset=utf-8"
    headers = {"Cache-Control": FOREVER if tile else "no-cache", "Access-Control-Allow-Origin": "*"}
    return FileResponse(path.open("rb"), content_type=kind, headers=headers)

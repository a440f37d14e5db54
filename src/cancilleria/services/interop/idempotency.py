"""The same key gets the same answer, and acts once (DECISIONS 20): the answer is kept in the act's own transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cancilleria.services.interop.models import Answer
from cancilleria.services.interop.problems import Problem, answer

KEPT = timedelta(days=30)
LONGEST = 200
# Waits here while another request with the same key is under way.
CLAIM = """
INSERT INTO interop_answer (scope, key, digest, kind, body, created_at) VALUES (%s, %s, %s, '', '', clock_timestamp())
ON CONFLICT (scope, key) DO NOTHING
"""


def once(request: HttpRequest, scope: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `act` unless the key of the request was used in this scope. Inside a transaction only."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > LONGEST:
        return answer(
            Problem("key-missing", _("Envíe una cabecera Idempotency-Key propia de cada acto, de hasta 200 letras."))
        )
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [scope, key, digest])
        claimed = cursor.rowcount == 1
    if not claimed:
        return _again(Answer.objects.get(scope=scope, key=key), digest)
    response = act()
    if response.status_code >= 400:
        # Nothing was done: the key is free for the mended request.
        transaction.set_rollback(True)
        return response
    Answer.objects.filter(scope=scope, key=key).update(
        status=response.status_code, kind=response["Content-Type"], body=response.content
    )
    return response


def forget_old() -> int:
    """Drop answers older than thirty days; returns how many."""
    return Answer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _again(kept: Answer, digest: str) -> HttpResponse:
    if kept.digest != digest or kept.status is None:
        return answer(Problem("key-reused", _("Use una clave nueva para un pedido distinto.")))
    headers = {"Idempotency-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.kind, headers=headers)

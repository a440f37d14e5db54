"""The tray at a million cases, for an officer of one office and for one who sees them all; every case of one person."""

from __future__ import annotations

import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator

from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from tests.bench.logins import signed_in
from tests.bench.rows import Row

from cancilleria.kernel.cases.models import ProcedureVersion
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.actions import find_or_create_person
from cancilleria.site.views import desk

CASES, OFTEN, TURNS = int(os.environ.get("CASES", "1000000")), 872, 40
# One case in ten is open. Entries have no bytes of proofs, which no list reads.
ENTRIES = """
INSERT INTO register_entry (id, origin, v, alg, verb, organ, actor, book, year, number, performed_at, recorded_at, zone,
    classification, leaf, leaf_hash, public_part, public_salt, facts_part, facts_salt, public, facts, subjects)
SELECT md5('case' || n)::uuid, 'bench', 1, 'cases', 'case.submitted', (%s::text[])[1 + n %% %s], 'public', 'case', 1990,
    n, now(), now(), 'UTC', 'publico', '', '', '', '', '', '', '{}', '{}', '{}' FROM generate_series(1, %s) n
"""
FILL = """
INSERT INTO cases_case (id, procedure, version_id, organ, entry_id, applicant_id, contact, language, answers, state, outcome,
    reason, officer, filed_at, filed_on, due_on, zone, term, revision, channel, back, asked, asked_reason, lapsed)
SELECT md5('case' || n)::uuid, 'apostille', %s, (%s::text[])[1 + n %% %s], md5('case' || n)::uuid,
    CASE WHEN n <= %s THEN %s END, '', 'es', '{}', CASE WHEN n %% 10 = 0 THEN 'submitted' ELSE 'closed' END, '', '', '',
    now() - n * interval '1 minute', current_date, current_date + (n %% 60)::int, 'UTC', '{}', 0, 'portal', '', '{}', '', false
FROM generate_series(1, %s) n
"""


def rows() -> Iterator[Row]:
    organs = list(Organ.objects.order_by("pk").values_list("pk", flat=True)[:100])
    person = _fill(organs)
    one = Actor("posting:one", organs[0], frozenset({"desk", "desk.cases"}))
    every = Actor("posting:all", organs[0], frozenset({"desk", "desk.cases*"}))
    restricted, unrestricted = (_p95(lambda viewer=viewer: _tray(viewer)) for viewer in (one, every))
    name = f"tray at {CASES:,} cases, restricted officer, p95"
    yield Row(
        name,
        restricted,
        unrestricted,
        "ms",
        "<= 30, <= 1.2 of all",
        restricted <= 30 and restricted <= 1.2 * unrestricted,
    )
    took = _p95(lambda: desk.person(_request(every), uuid.UUID(person.removeprefix("person:"))))
    yield Row(f"{OFTEN} cases of one person, first page, p95", took, None, "ms", "<= 50", took <= 50)


def _fill(organs: list[str]) -> str:
    version = ProcedureVersion.objects.filter(procedure="apostille").latest("number").pk
    with transaction.atomic(), connection.cursor() as cursor:
        person = find_or_create_person(
            actor=Actor("public"), organ=organs[0], zone="UTC", given_names="Carla", first_surname="Inventada",
            document_kind="dni", document_number=uuid.uuid4().hex[:12], issuing_state="PE",
        ).pk  # fmt: skip
        cursor.execute(ENTRIES, [organs, len(organs), CASES])
        cursor.execute(FILL, [version, organs, len(organs), OFTEN, person, CASES])
    with signed_in("owner"), connection.cursor() as cursor:
        # What autovacuum does in a living database, only sooner.
        cursor.execute("VACUUM ANALYZE cases_case, register_entry")
    return str(person)


def _tray(viewer: Actor) -> None:
    assert desk.tray(_request(viewer)).status_code == 200


def _request(viewer: Actor) -> HttpRequest:
    request = RequestFactory().get("/despacho/")
    request.actor, request.session = viewer, SessionStore()  # type: ignore[attr-defined]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def _p95(work: Callable[[], object]) -> float:
    """Milliseconds that nineteen of twenty turns need at most."""
    work()
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(took, n=20)[-1]

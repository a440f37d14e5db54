"""A disk without room: said in words, nothing recorded, and what the worker could not do is done when there is room again."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from procrastinate.jobs import Job

from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents import doors
from cancilleria.kernel.register.models import Entry
from cancilleria.site.errors import broken
from cancilleria.site.patience import TRIES, Patience
from cancilleria.site.tests.test_case_pages import at_the_counter
from cancilleria.site.tests.test_pages import officer_client

PATH = "/despacho/ventanilla/apostille/"
OWNER, APP = "cancilleria_owner", "cancilleria_app"
# What PostgreSQL itself raises when it cannot extend a table or write its log.
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON cases_case FOR EACH ROW EXECUTE FUNCTION no_room();
"""
Disk = Callable[[], AbstractContextManager[None]]


class FullStore:
    """The folder of files when its disk has no room."""

    def put(self, data: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    def get(self, sha256: str) -> bytes:
        raise FileNotFoundError(sha256)

    def delete(self, sha256: str) -> None: ...


@contextmanager
def full_files() -> Iterator[None]:
    with doors.blobs.held(FullStore()):
        yield


@contextmanager
def full_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}; {FULL} SET ROLE {APP}")
        yield
        cursor.execute(f"SET ROLE {OWNER}; DROP TRIGGER no_room ON cases_case; SET ROLE {APP}")


@pytest.mark.parametrize("full", [full_files, full_database])
@pytest.mark.parametrize(("language", "told"), [("es", "No se asentó nada"), ("en", "Nothing of what you")])
def test_a_full_disk_is_told_and_the_same_form_sent_later_is_one_act(
    scene: Stage, full: Disk, language: str, told: str
) -> None:
    client: Client = officer_client(scene, scene.ana.key, language, powers={"desk.counter"})
    client.raise_request_exception = False
    given, entries = at_the_counter(scene), Entry.objects.count()
    with full():
        answer = client.post(PATH, given)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert told in answer.content.decode()
    assert (Entry.objects.count(), Case.objects.count()) == (entries, 0)
    given["document"].seek(0)  # type: ignore[attr-defined]
    assert client.post(PATH, given).status_code == 302
    assert Case.objects.count() == 1


def test_a_program_is_told_the_kind_of_problem() -> None:
    try:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")
    except OSError:
        answer = broken(RequestFactory().post("/api/v1/desk/cases/"))
    assert answer.status_code == 503
    assert json.loads(answer.content)["type"].endswith("#full")


def test_what_the_worker_could_not_do_is_tried_for_a_day() -> None:
    began = datetime.now(UTC)

    def wait(attempts: int) -> int | None:
        job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        decision = Patience().get_retry_decision(exception=OSError(), job=job)
        return round((decision.retry_at - began).total_seconds()) if decision and decision.retry_at else None

    waits = [wait(attempts) or 0 for attempts in range(TRIES)]
    assert waits[0] <= 2
    assert waits == sorted(waits)
    assert sum(waits) > 24 * 3600
    assert wait(TRIES) is None

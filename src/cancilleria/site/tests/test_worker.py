"""The worker's own housekeeping."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django import app as queue

from cancilleria.site.worker import revive_stalled

pytestmark = pytest.mark.django_db
STATES = "SELECT task_name, status FROM procrastinate_jobs ORDER BY id"


def test_what_a_killed_worker_was_doing_is_done_again_and_what_a_living_one_does_is_left() -> None:
    for name in ("left", "under way", "waiting"):
        queue.configure_task(name).defer()
    with connection.cursor() as cursor:
        workers = []
        for age in ("10 minutes", "1 second"):
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [age]
            )
            workers.append(cursor.fetchone()[0])
        for worker, name in zip(workers, ("left", "under way"), strict=True):
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = %s", [worker, name]
            )
    assert revive_stalled() == 1
    with connection.cursor() as cursor:
        cursor.execute(STATES)
        assert dict(cursor.fetchall()) == {"left": "todo", "under way": "doing", "waiting": "todo"}
    assert revive_stalled() == 0

"""The world of the matrix, built once for each file that asks it: whoever asks leaves nothing behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from tests.house.world import World

APP, WORKER = "cancilleria_app", "cancilleria_worker"


@contextmanager
def as_worker() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {WORKER}")
        yield
        cursor.execute(f"SET ROLE {APP}")


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """In one transaction that is taken back at the end of the file."""
    from tests.house.world import world  # noqa: PLC0415 - Django is set up by then

    with pytest.MonkeyPatch.context() as changed, django_db_blocker.unblock(), transaction.atomic():
        changed.setitem(
            settings.STORAGES, "staticfiles", {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        )
        # Thousands of refusals are what is asked for here.
        for name in ("django.request", "cancilleria.access"):
            changed.setattr(logging.getLogger(name), "disabled", True)
        with world(tmp_path_factory.mktemp("mundo"), as_worker) as found:
            yield found
        transaction.set_rollback(True)

"""Tests run on a real PostgreSQL, as the application's role (DECISIONS 15).

Without `TEST_OWNER_URL` an embedded server is started in a temporary folder. The owner migrates a template
database; each session, and each transactional test, works on a clone of it.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg import sql

_home = tempfile.mkdtemp(prefix="cancilleria-pruebas-")
os.environ["CANCILLERIA_HOME"] = _home
(Path(_home) / "estatico").mkdir()
OTHER_SERVER = os.environ.pop("TEST_OWNER_URL", "")
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "CANCILLERIA_ROLE"):
    os.environ.pop(_name, None)

# Named here and not in pyproject.toml: Django must not read its settings before the folder above is set.
os.environ["DJANGO_SETTINGS_MODULE"] = "cancilleria.site.settings"

hypothesis_settings.register_profile("house", deadline=None, max_examples=60, derandomize=True)
hypothesis_settings.load_profile("house")


def pytest_configure() -> None:
    """Set Django up here, once the environment is that of the tests."""
    django.setup()


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Each test begins in the ministry's own language, whatever a page of the one before was asked for in."""
    from django.utils import translation  # noqa: PLC0415 - Django is set up by then

    translation.deactivate()


# Processes of one run share a server that was given, and its roles; each has a template of its own.
TEMPLATE = f"cancilleria_plantilla_{os.environ.get('PYTEST_XDIST_WORKER', 'sola')}"
OWNER, APP, WORKER, TESTER = "cancilleria_owner", "cancilleria_app", "cancilleria_worker", "cancilleria_tester"


@pytest.fixture(scope="session")
def superuser() -> Iterator[Callable[..., psycopg.Connection]]:
    """A function that opens an autocommit superuser connection to a database of the test server."""
    from cancilleria.site.database import server  # noqa: PLC0415 - settings are read on import

    if OTHER_SERVER:
        parts = urlsplit(OTHER_SERVER)
        yield lambda name="postgres": psycopg.connect(parts._replace(path=f"/{name}").geturl(), autocommit=True)
        return
    cluster = server.Cluster(Path(_home) / "postgresql")
    process = server.start(cluster)
    try:
        yield lambda name="postgres": server.connect(cluster, database=name)
    finally:
        server.stop(process)


@pytest.fixture(scope="session")
def template_database(superuser: Callable[..., psycopg.Connection], django_db_blocker: object) -> str:
    """A migrated database that is only ever cloned."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then
    from django.db import connection  # noqa: PLC0415

    from cancilleria.site.database import roles  # noqa: PLC0415

    with superuser() as server:
        server.execute("SELECT pg_advisory_lock(1)")
        roles.create_roles(server, owner=OWNER, passwords=roles.Passwords("prueba", "prueba"))
        if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [TESTER]).fetchone():
            server.execute(f"CREATE ROLE {TESTER} LOGIN PASSWORD 'prueba' NOINHERIT IN ROLE {APP}, {WORKER}, {OWNER}")
        server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        roles.create_database(server, TEMPLATE, owner=OWNER)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _use(connection, TEMPLATE, OWNER)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable")
        connection.close()
        connection.close_pool()
    with superuser(TEMPLATE) as server:
        server.execute(f"SET ROLE {OWNER}")
        roles.grant(server, app=APP, worker=WORKER)
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(
    superuser: Callable[..., psycopg.Connection], template_database: str, django_db_blocker: object
) -> Iterator[None]:
    from django.db import connection  # noqa: PLC0415

    name = _clone(superuser, template_database)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _use(connection, name, APP)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        connection.close_pool()


@pytest.fixture
def as_worker(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Inside the context, the same connection works as the worker's role."""
    from django.db import connection  # noqa: PLC0415

    @contextmanager
    def switched() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {WORKER}")
            yield
            cursor.execute(f"SET ROLE {APP}")

    return switched


@pytest.fixture
def fresh_database(
    superuser: Callable[..., psycopg.Connection], django_db_setup: None, django_db_blocker: object
) -> Iterator[str]:
    """A cloned database of its own, with real commits; threads may open connections to it."""
    from django.db import connection  # noqa: PLC0415

    before = connection.settings_dict["NAME"]
    name = _clone(superuser, TEMPLATE)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _use(connection, name, APP)
        try:
            yield name
        finally:
            connection.close()
            connection.close_pool()
            _use(connection, before, APP)
    with superuser() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _clone(superuser: Callable[..., psycopg.Connection], template: str) -> str:
    name = f"prueba_{uuid.uuid4().hex[:12]}"
    with superuser() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)))  # fmt: skip
    return name


def _use(connection: object, name: str, role: str) -> None:
    """Point Django's one connection at a database of the test server, under a role."""
    settings = connection.settings_dict  # type: ignore[attr-defined]
    connection.close()  # type: ignore[attr-defined]
    connection.close_pool()  # type: ignore[attr-defined]
    parts = urlsplit(OTHER_SERVER)
    host = parts.hostname if OTHER_SERVER else str(Path(_home) / "postgresql" / "socket")
    settings.update(NAME=name, USER=TESTER, PASSWORD="prueba", HOST=host, PORT=str(parts.port or ""))
    settings["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 24, "timeout": 10},
        "prepare_threshold": 2,
        "options": f"-c role={role}",
    }

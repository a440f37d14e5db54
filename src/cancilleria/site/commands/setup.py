"""What every command that needs the database does first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg

from cancilleria.site.database import server
from cancilleria.site.environment import read


@contextmanager
def database(role: str = "app") -> Iterator[None]:
    """Django ready, under a database role. The embedded server is started for the command if it is not running."""
    os.environ["CANCILLERIA_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cancilleria.site.settings")
    found = read(os.environ)
    own = None
    if not found["DATABASE_URL"]:
        cluster = server.Cluster(Path(str(found["CANCILLERIA_HOME"])) / "postgresql")
        if not cluster.data.exists():
            raise SystemExit(f"En {found['CANCILLERIA_HOME']} no hay datos todavía: inicie con «make serve».")
        try:
            server.connect(cluster).close()
        except psycopg.OperationalError:
            own = server.start(cluster)
    try:
        django.setup()
        yield
    finally:
        if own is not None:
            server.stop(own)

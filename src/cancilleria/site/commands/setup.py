"""What every command that needs the database does first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import django

from cancilleria.site.database import server
from cancilleria.site.database.connection import cluster_for
from cancilleria.site.environment import read


@contextmanager
def database(role: str = "app") -> Iterator[None]:
    """Django ready, under a database role. The embedded server is started for the command if it is not running."""
    os.environ["CANCILLERIA_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cancilleria.site.settings")
    found = read(os.environ)
    with ExitStack() as opened:
        if not found["DATABASE_URL"]:
            cluster = cluster_for(found)
            if not cluster.data.exists():
                raise SystemExit(f"En {found['CANCILLERIA_HOME']} no hay datos todavía: inicie con «make serve».")
            opened.enter_context(server.running(cluster))
        django.setup()
        yield

"""What every command that needs the database does first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

from cancilleria.site.database import server
from cancilleria.site.database.connection import cluster_for
from cancilleria.site.environment import read
from cancilleria.site.supervisor import is_served


@contextmanager
def database(role: str = "app", *, alone: bool = False) -> Iterator[None]:
    """Django ready, under a database role. The embedded server is started for the command if nobody serves these data.

    `alone`: this process holds the installation itself (`supervisor.lock`).
    """
    os.environ["CANCILLERIA_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cancilleria.site.settings")
    found = read(os.environ)
    with ExitStack() as opened:
        if not found["DATABASE_URL"]:
            cluster = cluster_for(found)
            if not cluster.data.exists():
                raise SystemExit(f"En {found['CANCILLERIA_HOME']} no hay datos todavía: inicie con «make serve».")
            served = not alone and is_served(Path(str(found["CANCILLERIA_HOME"])))
            opened.enter_context(server.running(cluster, served=served))
        django.setup()
        yield

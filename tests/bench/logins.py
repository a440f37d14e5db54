"""Other logins of the database for a while: the worker's, which writes places in the log, and the owner's, which analyses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from cancilleria.site.database.connection import settings_for


@contextmanager
def signed_in(role: str) -> Iterator[None]:
    """Django's connection as `role`, then as before."""
    before = dict(connection.settings_dict)
    found = settings_for(role, settings.ENVIRONMENT, settings.KEYS.json("base.json"))
    for login in (found, before):
        connection.close()
        connection.close_pool()
        connection.settings_dict.update({name: login[name] for name in ("USER", "PASSWORD")})
        if login is found:
            yield

"""Bringing tables up to date while somebody works: rights change all at once, and a held table is waited for and named."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

OWNER, APP, WORKER = "cancilleria_owner", "cancilleria_app", "cancilleria_worker"
READS = "SELECT has_table_privilege(%s, 'register_checkpoint', 'SELECT')"
POLICIES = "SELECT count(*) FROM pg_policy WHERE polname = 'worker'"
Open = Callable[..., psycopg.Connection]


def test_rights_are_given_again_all_at_once(fresh_database: str, superuser: Open) -> None:
    from cancilleria.site.database import roles  # noqa: PLC0415 - settings are read on import

    with superuser(fresh_database) as owner, superuser(fresh_database) as other:
        owner.execute(f"SET ROLE {OWNER}")
        with owner.transaction(force_rollback=True):
            roles.grant(owner, app=APP, worker=WORKER)
            # What has changed so far is seen by nobody else: an older version goes on with the rights it had.
            assert other.execute(READS, [WORKER]).fetchone() == (True,)
            assert other.execute(POLICIES).fetchone() == owner.execute(POLICIES).fetchone() != (0,)


def test_rights_are_given_while_somebody_holds_the_secured_tables(fresh_database: str, superuser: Open) -> None:
    from cancilleria.site.database import roles  # noqa: PLC0415 - settings are read on import

    with superuser(fresh_database) as owner, superuser(fresh_database) as other, other.transaction():
        other.execute("SELECT count(*) FROM people_person")
        owner.execute(f"SET ROLE {OWNER}")
        owner.execute("SET lock_timeout = '200ms'")
        roles.grant(owner, app=APP, worker=WORKER)
        assert owner.execute(READS, [WORKER]).fetchone() == (True,)


def test_a_held_table_is_waited_for_and_who_holds_it_is_named(
    fresh_database: str, superuser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cancilleria.site import preparation  # noqa: PLC0415 - settings are read on import

    monkeypatch.setattr(preparation, "LOCK_TRIES", 2)

    def migrate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            cursor.execute("ALTER TABLE people_person ADD COLUMN invented int")

    with superuser(fresh_database) as other, connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
        with other.transaction():
            other.execute("SELECT count(*) FROM people_person")
            pid = other.info.backend_pid
            with pytest.raises(SystemExit, match=rf"postgres \(proceso {pid}\)"):
                preparation._insist(migrate)
        preparation._insist(migrate)
        cursor.execute("SELECT invented FROM people_person")

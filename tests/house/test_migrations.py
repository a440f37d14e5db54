"""Every migration goes back and forth on a database with acts in it: whoever upgraded may return, and upgrade again.

The world of the matrix is written first, so that tables hold rows of every kind. Then the last migration is taken back, made
again and taken back, then the one before it, down to nothing; at the end all of them are made again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection
from tests.house.conftest import APP, as_worker

if TYPE_CHECKING:
    from django.db.migrations import Migration
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.state import ProjectState

# What cannot go back once there are acts, `app.name`: why. It goes back where there are none.
ONE_WAY: Mapping[str, str] = {
    "cases.0002_whole_life": "cases stand in states that the version before does not know",
}
OWNER = "cancilleria_owner"
COLUMNS = """
SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(' ' || column_default, '')
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1
"""
LAWS = """
SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13
UNION ALL SELECT tablename || ' ' || policyname || ' ' || cmd || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
    WHERE policyname <> 'worker'
"""


@pytest.fixture
def executor(fresh_database: str) -> Iterator[MigrationExecutor]:
    """Works as the owner on a database of its own."""
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - Django is set up by then

    _become(OWNER)
    yield MigrationExecutor(connection)
    _become(APP)


def test_a_migration_goes_back_and_forth_with_acts_in_the_tables(
    executor: MigrationExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _become(APP)
    _write_acts(tmp_path, monkeypatch)
    _become(OWNER)
    steps, before = _ours(executor), _structure()
    walked = []
    for migration in reversed(steps):
        if _name(migration) in ONE_WAY:
            with pytest.raises(IntegrityError):
                _back(executor, migration)
            break
        _back(executor, migration)
        _forth(executor, migration)
        _back(executor, migration)
        walked.append(migration)
    for migration in reversed(walked):
        _forth(executor, migration)
    assert _structure() == before


def test_every_migration_goes_back_to_nothing_and_forth_where_there_are_no_acts(executor: MigrationExecutor) -> None:
    steps, before = _ours(executor), _structure()
    for migration in reversed(steps):
        _back(executor, migration)
    left = set(connection.introspection.table_names())
    assert {model._meta.db_table for model in apps.get_models() if _is_ours(model._meta.app_label)} & left == set()
    for migration in steps:
        _forth(executor, migration)
    assert _structure() == before


def test_what_has_no_way_back_is_a_migration_that_is_there() -> None:
    there = {
        f"{app.label}.{path.stem}"
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("0*.py")
    }
    assert set(ONE_WAY) <= there


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


def _name(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


def _before(executor: MigrationExecutor, migration: Migration) -> ProjectState:
    """What the migration may count on: only those it says it stands on."""
    return executor.loader.project_state((migration.app_label, migration.name), at_end=False)


def _back(executor: MigrationExecutor, migration: Migration) -> None:
    executor.unapply_migration(_before(executor, migration), migration)


def _forth(executor: MigrationExecutor, migration: Migration) -> None:
    executor.apply_migration(_before(executor, migration), migration)


def _write_acts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.house.world import world  # noqa: PLC0415 - Django is set up by then

    backend = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    monkeypatch.setitem(settings.STORAGES, "staticfiles", backend)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    with world(folder, as_worker):
        pass


def _ours(executor: MigrationExecutor) -> list[Migration]:
    """Each migration of ours, and each of others that stands on one, in the order of an upgrade."""
    found: dict[tuple[str, str], Migration] = {}
    graph = executor.loader.graph
    for migration, _ in executor.migration_plan(graph.leaf_nodes(), clean_start=True):
        key = (migration.app_label, migration.name)
        if _is_ours(migration.app_label) or found.keys() & {parent.key for parent in graph.node_map[key].parents}:
            found[key] = migration
    return list(found.values())


def _is_ours(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("cancilleria.")


def _structure() -> tuple[list[str], list[str]]:
    """Columns, and what the database guarantees of them. Where two migrations make the same index, its name may differ."""
    with connection.cursor() as cursor:
        columns, laws = (sorted(row[0] for row in _rows(cursor, query)) for query in (COLUMNS, LAWS))
    return columns, laws


def _rows(cursor: Any, query: str) -> list[tuple[str]]:
    cursor.execute(query)
    rows: list[tuple[str]] = cursor.fetchall()
    return rows

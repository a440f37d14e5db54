"""Brings an installation up to date: tables, rights, static files, profile, demonstration, trust list."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from psycopg import sql

from cancilleria.kernel.organs.models import Organ
from cancilleria.site import demonstration, profile
from cancilleria.site.composition import ministry
from cancilleria.site.database import roles
from cancilleria.site.database.connection import settings_for
from cancilleria.site.log import publish_trust_list

LOCK_TIMEOUT, LOCK_TRIES = "3s", 20
# lock_not_available and deadlock_detected: somebody works with the table at this moment.
HELD = ("55P03", "40P01")
HOLDERS = """
SELECT DISTINCT format('%s (proceso %s)', a.usename, a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.granted AND l.relation IS NOT NULL AND a.datname = current_database() AND a.pid <> pg_backend_pid() ORDER BY 1
"""
NOT_MIGRATED = (
    "No se pudieron poner al día las tablas: otras sesiones las retienen desde hace más de {seconds} segundos: {holders}. "
    "Nada quedó a medias y la versión anterior puede seguir. Termine esas sesiones o espere, e inténtelo de nuevo."
)


def tables() -> list[str]:
    """Runs as the owner: migrate, cache table, rights of the two other roles, static files."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])
    _insist(lambda: call_command("migrate", verbosity=0, interactive=False))
    _insist(lambda: call_command("createcachetable"))
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    _insist(_grant)
    return []


def _insist(step: Callable[[], None]) -> None:
    """Waits for a lock only shortly, and tries again: what queues behind a long reader stops every writer.

    Raises SystemExit naming who holds the tables.
    """
    for attempt in range(LOCK_TRIES):
        try:
            return step()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in HELD:
                raise
            if attempt == LOCK_TRIES - 1:
                raise SystemExit(_holders()) from error
            time.sleep(1)


def _holders() -> str:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        holders = ", ".join(row[0] for row in cursor.fetchall())
    return NOT_MIGRATED.format(seconds=LOCK_TRIES, holders=holders or "ya ninguna")


def _grant() -> None:
    names = {role: str(_login(role)["USER"]) for role in ("app", "worker")}
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if settings.ENVIRONMENT["DATABASE_URL"]:
            _make_worker_role(cursor.connection, names["worker"])
        roles.grant(cursor.connection, app=names["app"], worker=names["worker"])


def data() -> list[str]:
    """Runs as the application: refuse an unsafe role, load the profile when it is new, make the demonstration."""
    with connection.cursor() as cursor:
        roles.refuse_unsafe(cursor.connection)
    folder, lines = settings.PROFILE_FOLDER, []
    if not Organ.objects.exists():
        lines += profile.load(folder, headquarters=ministry().headquarters)
    elif profile.differences(folder):
        lines.append("El perfil cambió y la base no: vea la diferencia con «cancilleria profile load --dry-run».")
    if settings.DEMONSTRATION and demonstration.make():
        lines.append("Se cargó la demostración: personas y documentos inventados.")
    publish_trust_list()
    return lines


def _login(role: str) -> dict[str, object]:
    return settings_for(role, settings.ENVIRONMENT, settings.KEYS.json("base.json"))


def _make_worker_role(connection: psycopg.Connection, name: str) -> None:
    """On another server the worker's login is made by the owner, who may lack the right: then its SQL is told."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        return
    password = settings.KEYS.json("base.json")["worker"]
    make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
    try:
        connection.execute(make)
    except psycopg.errors.InsufficientPrivilege as error:
        raise SystemExit(
            f"Falta el rol del trabajador. Un administrador de la base debe ejecutar: CREATE ROLE {name} LOGIN PASSWORD '…'; "
            "e indicarlo en DATABASE_WORKER_URL."
        ) from error

"""Brings an installation up to date: tables, rights, static files, profile, demonstration, trust list."""

from __future__ import annotations

import time

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

LOCK_TIMEOUT, LOCK_TRIES, LOCK_NOT_AVAILABLE = "3s", 20, "55P03"


def tables() -> list[str]:
    """Runs as the owner: migrate, cache table, rights of the two other roles, static files."""
    _migrate()
    call_command("createcachetable")
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    names = {role: str(_login(role)["USER"]) for role in ("app", "worker")}
    with connection.cursor() as cursor:
        raw = cursor.connection
        if settings.ENVIRONMENT["DATABASE_URL"]:
            _make_worker_role(raw, names["worker"])
        roles.grant(raw, app=names["app"], worker=names["worker"])
    return []


def _migrate() -> None:
    """Waits for a lock only shortly, and tries again: a migration that queues behind a long reader stops every writer."""
    for attempt in range(LOCK_TRIES):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])
            call_command("migrate", verbosity=0, interactive=False)
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE or attempt == LOCK_TRIES - 1:
                raise
            time.sleep(1)


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

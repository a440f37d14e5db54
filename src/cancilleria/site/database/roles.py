"""Three roles (DECISIONS 13): the owner migrates, the application works, the worker folds, sequences and checks.

What each may do to a table is a row of `EXCEPTIONS`; every other table is open to both for reading and writing. Where rows
are secured the application sees what its transaction's scope shows, the worker all (DECISIONS 14).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from cancilleria.kernel.register.grants import GRANTS as REGISTER_GRANTS
from cancilleria.services.fees.grants import GRANTS as FEE_GRANTS

APP, WORKER = "cancilleria_app", "cancilleria_worker"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
# Making a policy stops whoever reads the table: only where the role has none.
SECURED = """
SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT EXISTS (
    SELECT FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
    WHERE p.polrelid = c.oid AND p.polname = 'worker' AND r.rolname = %s)
"""
EXCEPTIONS: Mapping[str, Mapping[str, str]] = {**REGISTER_GRANTS, **FEE_GRANTS}

UNSAFE = """
SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
       EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user),
       to_regclass('register_entry') IS NOT NULL AND has_table_privilege('register_entry', 'UPDATE')
"""
UNSAFE_MESSAGES = (
    "es superusuario o pasa por encima de la seguridad de filas (BYPASSRLS)",
    "es dueño de tablas",
    "puede modificar los asientos del registro (UPDATE)",
)


class UnsafeRole(RuntimeError):
    """The application's database role could change what must not change."""


@dataclass(frozen=True)
class Passwords:
    """Passwords of the two roles that log in with one."""

    app: str
    worker: str


def create_roles(connection: psycopg.Connection, *, owner: str, passwords: Passwords) -> None:
    """Create the roles of the embedded server, or give the existing ones these passwords. Needs a superuser."""
    for role, password in ((owner, None), (APP, passwords.app), (WORKER, passwords.worker)):
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if exists else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
        )


def create_database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    """Create the database when it does not exist."""
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))


def grant(connection: psycopg.Connection, *, app: str, worker: str) -> None:
    """Give both roles exactly what the table says, and take away anything else. Runs as the owner after migrating.

    All of it or nothing, in one transaction: whoever works meanwhile has at every moment the old rights or the new ones.
    """
    with connection.transaction():
        _grant(connection, app=app, worker=worker)


def _grant(connection: psycopg.Connection, *, app: str, worker: str) -> None:
    tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for role, column in ((app, "app"), (worker, "worker")):
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
        _grant_tables(connection, tables, role, column)
        for what in ("ALL SEQUENCES", "ALL FUNCTIONS"):
            right = "USAGE, SELECT" if what == "ALL SEQUENCES" else "EXECUTE"
            connection.execute(
                sql.SQL("GRANT {} ON {} IN SCHEMA public TO {}").format(
                    sql.SQL(right), sql.SQL(what), sql.Identifier(role)
                )
            )
    for (table,) in connection.execute(SECURED, [worker]).fetchall():
        connection.execute(sql.SQL("DROP POLICY IF EXISTS worker ON {}").format(sql.Identifier(table)))
        connection.execute(
            sql.SQL("CREATE POLICY worker ON {} TO {} USING (true) WITH CHECK (true)").format(
                sql.Identifier(table), sql.Identifier(worker)
            )
        )


def refuse_unsafe(connection: psycopg.Connection) -> None:
    """Raise UnsafeRole when the connected role could rewrite the register."""
    row = connection.execute(UNSAFE).fetchone() or (True, True, True)
    faults = [message for found, message in zip(row, UNSAFE_MESSAGES, strict=True) if found]
    if faults:
        raise UnsafeRole(
            "El rol de la aplicación (DATABASE_URL) no es seguro: " + "; ".join(faults) + ". "
            "Use un rol que solo reciba permisos y deje las migraciones a DATABASE_OWNER_URL."
        )


def _grant_tables(connection: psycopg.Connection, tables: Iterable[str], role: str, column: str) -> None:
    for table in tables:
        wanted = EXCEPTIONS.get(table, {}).get(column, EVERYTHING)
        names = sql.Identifier(table), sql.Identifier(role)
        connection.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(*names))
        if wanted:
            connection.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(wanted), *names))

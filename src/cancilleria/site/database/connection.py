"""Django's connection settings for a role, from the environment or for the embedded server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from cancilleria.site.database.journal import Archive
from cancilleria.site.database.roles import APP, WORKER
from cancilleria.site.database.server import OWNER, Cluster
from cancilleria.site.environment import BadSetting
from cancilleria.site.outside import with_tls

NAME = "cancilleria"
URL_OF_ROLE = {"app": "DATABASE_URL", "worker": "DATABASE_WORKER_URL", "owner": "DATABASE_OWNER_URL"}
THREADS = 8
RECONNECT_SECONDS = 0.3
OPTIONS: dict[str, object] = {
    # More than the threads of any process, the worker's dozen loops and its jobs: a smaller pool makes the last thread
    # wait for ever (DECISIONS 16). While an attempt to connect waits for its next try the pool makes no other, and its rests
    # double: it gives up at once instead, and the next request tries anew. So a database that is back is used at once.
    "pool": {"min_size": 1, "max_size": 2 * THREADS + 8, "timeout": 3, "reconnect_timeout": RECONNECT_SECONDS},
    # The statements of an act are few and always the same: prepared after their second use.
    "prepare_threshold": 2,
}


def cluster_for(environment: Mapping[str, object]) -> Cluster:
    """The embedded server of this installation. It archives whenever a folder for backups is set, whoever starts it."""
    backup = environment["CANCILLERIA_BACKUP"]
    journal = Archive(backup / "wal") if isinstance(backup, Path) else None
    return Cluster(Path(str(environment["CANCILLERIA_HOME"])) / "postgresql", journal)


def settings_for(role: str, environment: Mapping[str, object], passwords: Mapping[str, str]) -> dict[str, object]:
    """`DATABASES["default"]` for `role` (app, worker or owner)."""
    common = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "OPTIONS": OPTIONS}
    url = str(environment[URL_OF_ROLE[role]])
    if environment["DATABASE_URL"]:
        if role == "owner" and not url:
            raise BadSetting(
                "DATABASE_URL necesita también DATABASE_OWNER_URL: el dueño de la base, que hace las migraciones."
            )
        return {**common, **(_from_url(url) if url else _worker_of(str(environment["DATABASE_URL"]), passwords))}
    home = environment["CANCILLERIA_HOME"]
    if not isinstance(home, Path):
        raise TypeError(home)
    cluster = Cluster(home / "postgresql")
    host = cluster.host() if cluster.socket.exists() else str(cluster.socket)
    login = {
        "app": (APP, passwords.get("app", "")),
        "worker": (WORKER, passwords.get("worker", "")),
        "owner": (OWNER, ""),
    }
    return {**common, "NAME": NAME, "HOST": host, "USER": login[role][0], "PASSWORD": login[role][1]}


def _worker_of(url: str, passwords: Mapping[str, str]) -> dict[str, object]:
    """The worker's login on another server when no DATABASE_WORKER_URL names one: made by `prepare` as the owner."""
    found = _from_url(url)
    return {**found, "USER": f"{found['USER']}_worker", "PASSWORD": passwords.get("worker", "")}


def _from_url(url: str) -> dict[str, object]:
    """As libpq reads it: several hosts, and options such as `target_session_attrs=read-write`, for a server with replicas."""
    found = conninfo_to_dict(url)
    names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    known = {ours: str(found.pop(theirs, "") or "") for ours, theirs in names.items()}
    return {**known, "OPTIONS": {**OPTIONS, **with_tls(known["HOST"], found)}}

"""The embedded PostgreSQL as a child of whoever started it.

The account that runs the server may not be able to walk to its data (the home folder is 0700), so the folders are
opened first and the server receives descriptors, `/proc/self/fd/N`; that also avoids the 107-byte limit of socket paths.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from cancilleria.site.database.binaries import Account, programs_for, unprivileged_account
from cancilleria.site.database.journal import Journal

OWNER = "cancilleria_owner"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107
PATIENCE_SECONDS = 30.0
HBA = """local all postgres peer map=operador
local replication postgres peer map=operador
local all {owner} peer map=operador
local all all scram-sha-256
"""
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    "unix_socket_permissions": "0777",
}
SEGMENT = "SELECT pg_walfile_name(pg_switch_wal()), current_setting('archive_mode')"
ARCHIVED = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"


class ServerDidNotStart(RuntimeError):
    """The embedded server did not accept connections in time; the message carries the end of its log."""


@dataclass(frozen=True)
class Cluster:
    """The folders of one embedded server below `base`, and where its write-ahead log goes or comes from, if anywhere."""

    base: Path
    journal: Journal | None = None

    @property
    def data(self) -> Path:
        return self.base / "datos"

    @property
    def socket(self) -> Path:
        return self.base / "socket"

    @property
    def log(self) -> Path:
        return self.base / "servidor.log"

    def host(self) -> str:
        """The folder a client names as host: the path, or a descriptor where the path is too long for a socket."""
        if len(str(self.socket / SOCKET_NAME)) <= SOCKET_LIMIT:
            return str(self.socket)
        return f"/proc/self/fd/{os.open(self.socket, os.O_RDONLY | os.O_DIRECTORY)}"


def prepare(cluster: Cluster) -> None:
    """Create the data folder with initdb when there is none, and say who may connect. A half-made one is made again."""
    account = unprivileged_account()
    for folder in (cluster.base, cluster.socket):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(cluster.socket, 0o755)  # noqa: S103 - the folder above is 0700; the server's account must write here
    os.chown(cluster.socket, account.uid, account.gid)
    if not ((cluster.data / "PG_VERSION").exists() and (cluster.data / "pg_ident.conf").exists()):
        _initialise(cluster, account)
    operator = pwd.getpwuid(os.geteuid()).pw_name
    identities = "".join(f"operador {operator} {role}\n" for role in ("postgres", OWNER))
    _write(cluster.data / "pg_hba.conf", HBA.format(owner=OWNER), account)
    _write(cluster.data / "pg_ident.conf", identities, account)


def _initialise(cluster: Cluster, account: Account) -> None:
    cluster.data.mkdir(mode=0o700, exist_ok=True)
    os.chown(cluster.data, account.uid, account.gid)
    with open_folder(cluster.data) as descriptor:
        command = [
            str(programs_for(account) / "initdb"),
            *("-D", f"/proc/self/fd/{descriptor}", "-U", "postgres", "-A", "peer", "-E", "UTF8"),
            *("--locale=C", "--no-instructions", "--no-sync"),
        ]
        done = subprocess.run(command, **_as(account, descriptor), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerDidNotStart(done.stderr[-2000:])


def start(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start the server as a child and return once it accepts connections. Retries while an old one is leaving."""
    prepare(cluster)
    account = unprivileged_account()
    end_orphan(cluster)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        process = _launch(cluster, account)
        if _accepts(cluster, process, deadline):
            return process
        if time.monotonic() > deadline:
            raise ServerDidNotStart(cluster.log.read_text(errors="replace")[-2000:])
        time.sleep(0.2)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: sessions end, everything committed is kept."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=PATIENCE_SECONDS)


@contextmanager
def running(cluster: Cluster, *, served: bool) -> Iterator[None]:
    """The server that is running already, else one of our own for the length of the block.

    While a supervisor serves these data (`served`) the server is its own: one that is down or recovering is waited for, never
    ended and never started here. Raises ServerDidNotStart when it does not come.
    """
    own = None if _comes(cluster, served) else start(cluster)
    try:
        yield
    finally:
        if own is not None:
            stop(own)


def _comes(cluster: Cluster, served: bool) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connect(cluster).close()
            return True
        except psycopg.OperationalError as error:
            if not (served or _alive(cluster)):
                return False
            if time.monotonic() > deadline:
                raise ServerDidNotStart(f"La base de datos no acepta conexiones todavía: {error}") from error
            time.sleep(0.2)


def _alive(cluster: Cluster) -> bool:
    pid = _pid(cluster)
    return pid is not None and _is_server(pid)


def _pid(cluster: Cluster) -> int | None:
    """Whom postmaster.pid names, PostgreSQL's own lock, which is never deleted."""
    try:
        return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def end_orphan(cluster: Cluster) -> None:
    """End a server that outlived its supervisor: for whoever holds the installation."""
    pid = _pid(cluster)
    if pid is None or not _is_server(pid):
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _is_server(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def connect(cluster: Cluster, *, user: str = "postgres", database: str = "postgres") -> psycopg.Connection:
    """A connection by the operator's own account (peer)."""
    return psycopg.connect(host=cluster.host(), user=user, dbname=database, autocommit=True, connect_timeout=3)


def _launch(cluster: Cluster, account: Account) -> subprocess.Popen[bytes]:
    with ExitStack() as opened:
        folders = [cluster.data, cluster.socket, *([cluster.journal.folder] if cluster.journal else [])]
        data, socket, *journal = descriptors = [opened.enter_context(open_folder(found)) for found in folders]
        log = opened.enter_context(cluster.log.open("ab"))
        told = SETTINGS | (cluster.journal.settings(f"/proc/self/fd/{journal[0]}") if cluster.journal else {})
        settings = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
        command = [
            str(programs_for(account) / "postgres"),
            *("-D", f"/proc/self/fd/{data}", "-k", f"/proc/self/fd/{socket}", *settings),
        ]
        # A session of its own: Ctrl-C reaches the supervisor, which stops its children in order.
        return subprocess.Popen(command, **_as(account, *descriptors), stdout=log, stderr=log, start_new_session=True)


def _accepts(cluster: Cluster, process: subprocess.Popen[bytes], deadline: float) -> bool:
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connect(cluster).close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return True
    return False


def _is_server(pid: int) -> bool:
    # A zombie has an empty command line: it holds nothing any more.
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False


def _as(account: Account, *descriptors: int) -> dict[str, object]:
    given: dict[str, object] = {"pass_fds": descriptors, "cwd": "/", "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}}
    if not account.is_current:
        given |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return given


@contextmanager
def open_folder(folder: Path) -> Iterator[int]:
    """A descriptor of the folder, for a child that may not walk to it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    path.chmod(0o600)
    os.chown(path, account.uid, account.gid)


def finish_segment(cluster: Cluster, patience: float = PATIENCE_SECONDS) -> bool:
    """Have what is written so far archived now; whether it was, in time. False without an archive or a running server."""
    try:
        with connect(cluster) as connection:
            segment, archiving = connection.execute(SEGMENT).fetchone() or ("", "off")
            deadline = time.monotonic() + patience
            while archiving == "on" and time.monotonic() < deadline:
                if (connection.execute(ARCHIVED, [segment]).fetchone() or [False])[0]:
                    return True
                time.sleep(0.1)
    except psycopg.OperationalError:
        return False
    return False

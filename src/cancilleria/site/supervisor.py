"""Starts the processes of an installation, keeps them alive, stops them in order.

It is the parent of the embedded server and reaps it, so that a killed server is back at once (DECISIONS 33).
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cancilleria.kernel.organs.profile import read_toml
from cancilleria.kernel.register.note import Signer
from cancilleria.site.database import roles, server
from cancilleria.site.database.connection import NAME, cluster_for
from cancilleria.site.database.journal import make_folder
from cancilleria.site.environment import witness_port
from cancilleria.site.keys import KeyRing
from cancilleria.site.origin import present

PROGRAM = [sys.executable, "-m", "cancilleria.site.cli"]
PATIENCE_SECONDS = 20.0
PARENT_DEATH_SIGNAL = 1
PROFILES = Path(__file__).resolve().parents[1] / "profiles"


class AlreadyServing(RuntimeError):
    """Another supervisor holds this folder."""


class Stopped(Exception):
    """Somebody asked to stop."""


@dataclass
class Child:
    """One process to keep alive: `command` with `environment`; restarts slow down while they fail at once."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), start_new_session=True, preexec_fn=_die_with_parent, cwd="/"
        )

    def tend(self, say: Callable[[str], None]) -> None:
        """Start again if it ended, after a rest that grows with failures in a row."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > 10 else self.failures + 1
        if lived < min(0.2 * 2**self.failures, 10):
            return
        say(f"{self.name} terminó ({self.process.returncode}) y empieza de nuevo.")
        self._end_group(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        """Ask, wait, insist."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_group(signal.SIGKILL)

    def _end_group(self, number: signal.Signals) -> None:
        # What the process started is in its own session: nothing of it may outlive it and hold the port.
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


def lock(home: Path) -> int:
    """A descriptor that keeps others from serving these data until it is closed. Raises AlreadyServing."""
    descriptor = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyServing(f"Otra Cancillería ya está en marcha con los datos de {home}.") from None
    return descriptor


def is_served(home: Path) -> bool:
    """Whether somebody holds these data now."""
    try:
        os.close(lock(home))
    except AlreadyServing:
        return True
    return False


@dataclass
class Supervisor:
    """Everything of one CANCILLERIA_HOME."""

    home: Path
    found: Mapping[str, object]
    say: Callable[[str], None]
    database: subprocess.Popen[bytes] | None = None
    children: list[Child] = field(default_factory=list)

    def run(self, welcome: Callable[[], None]) -> int:
        """Start, keep alive, stop. Returns the exit code. Raises AlreadyServing."""
        held = lock(self.home)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        try:
            self.open_database()
            self._start_children()
            self._wait_until_healthy()
            welcome()
            while True:
                self._tend()
                time.sleep(0.1)
        except Stopped:
            self.say("\nDeteniendo…")
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self.close()
            os.close(held)

    def open_database(self) -> None:
        """Start the embedded server when it is the one in use; bring tables, rights and data up to date."""
        if not self.found["DATABASE_URL"]:
            self.say("Iniciando la base de datos…")
            if (archive := self._cluster().journal) is not None:
                make_folder(archive.folder)
            self.database = server.start(self._cluster())
            self._make_roles()
        self.say("Poniendo al día tablas y archivos…")
        self._prepare("tables")
        for line in self._prepare("data"):
            self.say(f"  {line}")

    def _start_children(self) -> None:
        self.say("Iniciando sitio, trabajador y testigo…")
        self.children = [self._witness(), self._worker(), self._web()]
        for child in self.children:
            child.start()

    def _tend(self) -> None:
        if self.database is not None and self.database.poll() is not None:
            self.say("La base de datos terminó y empieza de nuevo.")
            try:
                self.database = server.start(self._cluster())
            except server.ServerDidNotStart as error:
                # A full disk, most likely: the rest goes on saying that there is no database, and this is tried again.
                self.say(f"La base de datos no pudo empezar todavía: {error}")
        for child in self.children:
            child.tend(self.say)

    def close(self) -> None:
        """Stop everything, the database last."""
        for child in reversed(self.children):
            child.stop()
        if self.database is not None:
            server.stop(self.database)

    def _cluster(self) -> server.Cluster:
        return cluster_for(self.found)

    def _make_roles(self) -> None:
        passwords = KeyRing(self.home / "claves").json("base.json")
        with server.connect(self._cluster()) as connection:
            roles.create_roles(connection, owner=server.OWNER, passwords=roles.Passwords(**passwords))
            roles.create_database(connection, NAME, owner=server.OWNER)

    def _prepare(self, what: str) -> list[str]:
        done = subprocess.run(
            [*PROGRAM, "prepare", what], env=self._environment("owner" if what == "tables" else "app"),
            stdout=subprocess.PIPE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.returncode)
        lines: list[str] = json.loads(done.stdout.splitlines()[-1])
        return lines

    def _environment(self, role: str) -> dict[str, str]:
        given = {**os.environ, "CANCILLERIA_ROLE": role, "DJANGO_SETTINGS_MODULE": "cancilleria.site.settings"}
        if role != "owner":
            given.pop("DATABASE_OWNER_URL", None)  # only migrations ever see it
        if role != "worker":
            given.pop("CANCILLERIA_SIGNER_PIN", None)  # only the worker signs (DECISIONS 24)
        return given

    def _web(self) -> Child:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "cancilleria.site.wsgi:application",
            "--host", str(self.found["CANCILLERIA_HOST"]), "--port", str(self.found["CANCILLERIA_PORT"]),
            "--workers", str(self.found["CANCILLERIA_WEB_WORKERS"]), "--blocking-threads", "8", "--no-ws",
            "--respawn-failed-workers", "--log-level", "warning", "--backlog", "1024",
        ]  # fmt: skip
        return Child("El sitio", command, self._environment("app"))

    def _worker(self) -> Child:
        return Child("El trabajador", [*PROGRAM, "worker"], self._environment("worker"))

    def _witness(self) -> Child:
        facts = read_toml(PROFILES / str(self.found["CANCILLERIA_PROFILE"]) / "profile.toml")
        log = present(self.home, facts)
        vkey = Signer(log.origin, KeyRing(self.home / "claves").ed25519(log.key)).verifier()
        port = str(witness_port(self.found))
        return Child("El testigo", [*PROGRAM, "witness", "--log", str(vkey), "--port", port], self._environment("app"))

    def _wait_until_healthy(self) -> None:
        address = f"http://{self.found['CANCILLERIA_HOST']}:{self.found['CANCILLERIA_PORT']}/salud"
        while True:
            try:
                with urllib.request.urlopen(address, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                self._tend()
                time.sleep(0.1)


def _stop(number: int, _: object) -> None:
    raise Stopped(number)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)

"""Three PostgreSQL servers led by Patroni over one etcd, all on loopback, unprivileged, in one temporary folder."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.serving import free_port

TOOLS = ("etcd", "patroni")
PATIENCE_SECONDS = 90.0
CONFIGURATION = """
scope: ensayo
name: {name}
restapi: {{listen: "127.0.0.1:{api}", connect_address: "127.0.0.1:{api}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 0
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {{max_connections: 100, synchronous_commit: "on", wal_log_hints: "on"}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}]
  pg_hba: ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256", "local all all trust"]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: "{folder}/{name}/datos"
  bin_dir: "{programs}"
  pgpass: "{folder}/{name}/pgpass"
  authentication:
    superuser: {{username: postgres, password: ensayo}}
    replication: {{username: replica, password: ensayo}}
    rewind: {{username: rewind, password: ensayo}}
  parameters: {{unix_socket_directories: "{folder}/{name}"}}
"""


def absent() -> str:
    """Empty when everything is installed; else what to install."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        missing.append("postgresql")
    return (
        f"needs {', '.join(missing)} (apt-get install etcd-server patroni python3-etcd postgresql)" if missing else ""
    )


@dataclass
class Member:
    """One server: its name, its ports, and Patroni's process, which is its parent."""

    name: str
    port: int
    api: int
    process: subprocess.Popen[bytes] | None = None


@dataclass
class Group:
    folder: Path
    etcd: int = field(default_factory=free_port)
    members: list[Member] = field(default_factory=list)
    store: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        peer = free_port()
        self.store = self._run(
            "etcd", "--name", "uno", "--data-dir", str(self.folder / "etcd"), "--enable-v2=false",
            "--listen-client-urls", f"http://127.0.0.1:{self.etcd}", "--advertise-client-urls", f"http://127.0.0.1:{self.etcd}",
            "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-cluster", f"uno=http://127.0.0.1:{peer}", log="etcd.log",
        )  # fmt: skip
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        for name in ("a", "b", "c"):
            member = Member(name, free_port(), free_port())
            self._own(self.folder / name)
            text = CONFIGURATION.format(
                name=name, api=member.api, port=member.port, etcd=self.etcd, folder=self.folder, programs=programs
            )
            (self.folder / f"{name}.yml").write_text(text)
            self.members.append(member)
            self.start(member)
        self.wait(lambda: self.leader() is not None and len(self.streaming()) == 2)

    def start(self, member: Member) -> None:
        member.process = self._run("patroni", str(self.folder / f"{member.name}.yml"), log=f"{member.name}.log")

    def kill(self, member: Member) -> None:
        """kill -9 to Patroni and to every process of its server, as when the machine loses power."""
        pid = int((self.folder / member.name / "datos" / "postmaster.pid").read_text().split()[0])
        if member.process is not None:
            os.killpg(member.process.pid, signal.SIGKILL)
            member.process.wait()
        for found in (pid, *_children(pid)):
            try:
                os.kill(found, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def status(self) -> list[dict[str, object]]:
        for member in self.members:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{member.api}/cluster", timeout=2) as answer:
                    found: list[dict[str, object]] = json.loads(answer.read())["members"]
                    return found
            except (urllib.error.URLError, OSError, ValueError, KeyError):
                continue
        return []

    def leader(self) -> Member | None:
        names = {found["name"] for found in self.status() if found["role"] == "leader" and found["state"] == "running"}
        return next((member for member in self.members if member.name in names), None)

    def streaming(self) -> list[str]:
        """Replicas that follow; of version 3 of Patroni and before, those that run."""
        return [
            str(f["name"]) for f in self.status() if f["role"] != "leader" and f["state"] in {"running", "streaming"}
        ]

    def wait(self, ready: object) -> float:
        """Seconds until `ready()`; raises AssertionError with the logs' ends when it takes too long."""
        began = time.monotonic()
        while not ready():  # type: ignore[operator]
            if time.monotonic() - began > PATIENCE_SECONDS:
                ends = "\n".join(
                    f"{p.name}: {p.read_text(errors='replace')[-1500:]}" for p in self.folder.glob("*.log")
                )
                raise AssertionError(f"the group is not ready: {self.status()}\n{ends}")
            time.sleep(0.3)
        return time.monotonic() - began

    def url(self, user: str, password: str, database: str) -> str:
        """Every host, whoever leads: the client looks for the one that takes writes."""
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgresql://{user}:{password}@{hosts}/{database}?target_session_attrs=read-write"

    def end(self) -> None:
        for process in (*(member.process for member in self.members), self.store):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)

    def _run(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        given: dict[str, object] = {"env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}}
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            given |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with (self.folder / log).open("ab") as sink:
            return subprocess.Popen(command, stdout=sink, stderr=sink, cwd="/", start_new_session=True, **given)  # type: ignore[call-overload,no-any-return]


@contextmanager
def group(folder: Path) -> Iterator[Group]:
    """The group, working; nothing of it is left running."""
    made = Group(folder)
    try:
        made._own(folder / "etcd")
        made.begin()
        yield made
    finally:
        made.end()


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found

"""A whole Cancillería for journeys and drills: the same `cancilleria serve` a person starts, in a folder of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 180


@dataclass(frozen=True)
class Serving:
    """A running installation: where it answers, where it keeps its things, and who may enter."""

    address: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def logins(self) -> list[dict[str, str]]:
        """Demonstration logins as `serve` wrote them: name, email, password, totp_secret, organ."""
        found: list[dict[str, str]] = json.loads((self.home / "demostracion" / "accesos.json").read_text())
        return found

    def document(self, name: str) -> Path:
        """A file of the demonstration set, such as `certificado-de-estudios.pdf`."""
        return self.home / "demostracion" / "documentos" / name


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def healthy(address: str) -> bool:
    """Whether `/salud` says that the installation can serve."""
    try:
        with urllib.request.urlopen(f"{address}/salud", timeout=3) as answer:  # noqa: S310 - own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once `/salud` answers 200; raise with the log's end when the process dies or time runs out."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if healthy(address):
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError("cancilleria serve did not start:\n" + log.read_text()[-4000:])


def start(home: Path, port: int, **settings: str) -> Serving:
    """Start `cancilleria serve` on `port` with its data below `home`, and wait until it is healthy."""
    log = home.parent / f"{home.name}.log"
    command = [str(Path(sys.executable).parent / "cancilleria"), "serve"]
    environment = {**os.environ, "CANCILLERIA_HOME": str(home), "CANCILLERIA_PORT": str(port), **settings}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DJANGO_SETTINGS_MODULE"):
        if name not in settings:
            environment.pop(name, None)
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command, env=environment, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, process, log)
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        raise
    return Serving(address, home, process, log)


def stop(serving: Serving) -> int:
    """Ask it to stop as Ctrl-C does, and return its exit code."""
    serving.process.send_signal(signal.SIGINT)
    return serving.process.wait(timeout=40)


@contextmanager
def installation(**settings: str) -> Iterator[Serving]:
    """A fresh installation that is stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="cancilleria-") as folder:
        serving = start(Path(folder) / "casa", free_port(), **settings)
        try:
            yield serving
        finally:
            if serving.process.poll() is None:
                stop(serving)


def totp(secret: str) -> str:
    """RFC 6238: six digits for this half minute; in its last five seconds, for the next, as a person in doubt waits."""
    left = 30 - time.time() % 30
    if left < 5:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time() // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"

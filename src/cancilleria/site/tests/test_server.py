"""A command beside a supervisor: the embedded server is its supervisor's, whatever state it is in."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cancilleria.site.database import server
from cancilleria.site.database.server import Cluster, ServerDidNotStart
from cancilleria.site.supervisor import is_served, lock


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster(tmp_path / "postgresql")
    found.data.mkdir(parents=True)
    found.socket.mkdir()
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 0.5)
    return found


@pytest.fixture
def recovering(cluster: Cluster) -> Iterator[subprocess.Popen[bytes]]:
    """A server that lives and takes no connection, as after a crash."""
    with subprocess.Popen(["bash", "-c", "exec -a postgres sleep 60"]) as process:
        told = Path(f"/proc/{process.pid}/cmdline")
        while not told.read_bytes().startswith(b"postgres"):
            time.sleep(0.01)
        (cluster.data / "postmaster.pid").write_text(f"{process.pid}\n")
        yield process
        process.kill()


def refuse(*_: object) -> None:
    raise AssertionError("nobody may start or end a server here")


@pytest.mark.parametrize("served", [True, False])
def test_a_server_that_recovers_is_waited_for_and_neither_ended_nor_started_again(
    cluster: Cluster, recovering: subprocess.Popen[bytes], served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "start", refuse)
    with pytest.raises(ServerDidNotStart, match="no acepta conexiones"), server.running(cluster, served=served):
        pass
    assert recovering.poll() is None


def test_while_a_supervisor_serves_nobody_else_starts_its_server(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "start", refuse)
    with pytest.raises(ServerDidNotStart), server.running(cluster, served=True):
        pass


def test_who_holds_the_data_serves_them(tmp_path: Path) -> None:
    assert not is_served(tmp_path)
    held = lock(tmp_path)
    assert is_served(tmp_path)
    os.close(held)
    assert not is_served(tmp_path)

"""`serve` on a PostgreSQL that is not the embedded one: two addresses are enough, and an unsafe role is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.serving import Serving, free_port, installation

OWNER = os.environ["TEST_OWNER_URL"]
PROGRAM = str(Path(sys.executable).parent / "cancilleria")


@pytest.fixture(scope="module")
def addresses() -> dict[str, str]:
    """An owner who may make roles, an application that owns nothing, and their database."""
    with psycopg.connect(OWNER, autocommit=True) as server:
        for statement in (
            "CREATE ROLE ministerio_owner LOGIN CREATEROLE PASSWORD 'o'", "CREATE ROLE ministerio LOGIN PASSWORD 'a'",
            "CREATE DATABASE ministerio OWNER ministerio_owner",
        ):  # fmt: skip
            server.execute(statement)
    place = OWNER.rsplit("@", 1)[1].split("/")[0]
    return {
        "DATABASE_URL": f"postgresql://ministerio:a@{place}/ministerio",
        "DATABASE_OWNER_URL": f"postgresql://ministerio_owner:o@{place}/ministerio",
    }


@pytest.fixture(scope="module")
def serving(addresses: dict[str, str]) -> Iterator[Serving]:
    with installation(**addresses) as found:
        yield found


def run(home: Path, settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, **settings, "CANCILLERIA_HOME": str(home), "CANCILLERIA_PORT": str(free_port())}
    given.pop("TEST_OWNER_URL", None)
    return subprocess.run([PROGRAM, *arguments], env=given, capture_output=True, text=True, check=False, timeout=120)


def test_an_apostille_is_issued_and_checked_on_another_server(
    serving: Serving, addresses: dict[str, str], tmp_path: Path
) -> None:
    done = run(serving.home, addresses, "demo", "apostilles", "1", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("*.pdf")
    assert run(serving.home, {}, "verify", str(file)).returncode == 0
    assert run(serving.home, addresses, "check").returncode == 0


def test_a_role_that_could_rewrite_the_register_is_refused(addresses: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as home:
        unsafe = {**addresses, "DATABASE_URL": addresses["DATABASE_OWNER_URL"]}
        done = run(Path(home) / "casa", unsafe, "serve")
        assert done.returncode != 0
        assert "no es seguro" in done.stderr


def test_without_its_owner_another_server_is_refused_with_what_to_do(addresses: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as home:
        done = run(Path(home) / "casa", {"DATABASE_URL": addresses["DATABASE_URL"]}, "serve")
        assert done.returncode != 0
        assert "DATABASE_OWNER_URL" in done.stderr


def replicating(addresses: dict[str, str]) -> dict[str, str]:
    """The same, with a role that may copy the server."""
    with psycopg.connect(OWNER, autocommit=True) as server:
        server.execute("CREATE ROLE copista LOGIN REPLICATION PASSWORD 'c'")
    place = OWNER.rsplit("@", 1)[1].split("/")[0]
    return {**addresses, "DATABASE_REPLICATION_URL": f"postgresql://copista:c@{place}/postgres"}


@contextmanager
def server_of(copy: Path, port: int) -> Iterator[None]:
    """The copied server, started with the programs of its version, as an account that is not root."""
    version = (copy / "PG_VERSION").read_text().strip()
    program = f"/usr/lib/postgresql/{version}/bin/pg_ctl"
    unprivileged = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if unprivileged:
        subprocess.run(["chown", "-R", "nobody:nogroup", str(copy)], check=True)
    control = [*unprivileged, program, "-D", str(copy), "-w", "-s"]
    options = f"-p {port} -k /tmp -c listen_addresses=127.0.0.1"
    subprocess.run([*control, "-l", "/dev/null", "-o", options, "start"], check=True, cwd="/")
    try:
        yield
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd="/")


def test_another_server_is_copied_and_what_was_copied_works(
    serving: Serving, addresses: dict[str, str], tmp_path: Path
) -> None:
    copies, port = tmp_path / "copias", free_port()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    refused = run(serving.home, addresses, "backup", str(copies))
    assert refused.returncode == 1
    assert "docs/recipes/restore.md" in refused.stderr
    assert not (copies / "bases").exists()
    made = run(serving.home, replicating(addresses), "backup", str(copies))
    assert made.returncode == 0, made.stderr
    assert run(serving.home, addresses, "backup", str(copies), "--files-only").returncode == 0
    shutil.copytree(serving.home / "claves", tmp_path / "casa" / "claves")
    (base,) = (copies / "bases").iterdir()
    refused = run(tmp_path / "casa", {}, "restore", str(copies), "--latest")
    assert refused.returncode == 1
    assert str(base / "datos") in refused.stderr
    shutil.copytree(base / "datos", tmp_path / "datos", symlinks=True)
    there = {name: url.replace(f":{urlsplit(url).port}/", f":{port}/") for name, url in addresses.items()}
    with server_of(tmp_path / "datos", port):
        done = run(tmp_path / "casa", there, "restore", str(copies), "--latest")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Todo concuerda" in done.stdout

"""`serve` on a PostgreSQL that is not the embedded one: two addresses are enough, and an unsafe role is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from tests.serving import free_port, installation

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


def run(home: Path, settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, **settings, "CANCILLERIA_HOME": str(home), "CANCILLERIA_PORT": str(free_port())}
    given.pop("TEST_OWNER_URL", None)
    return subprocess.run([PROGRAM, *arguments], env=given, capture_output=True, text=True, check=False, timeout=120)


def test_an_apostille_is_issued_and_checked_on_another_server(addresses: dict[str, str], tmp_path: Path) -> None:
    with installation(**addresses) as serving:
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

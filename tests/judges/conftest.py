"""One installation with three issued apostilles, made by its own command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import Serving, installation

PROGRAM = str(Path(sys.executable).parent / "cancilleria")


@pytest.fixture(scope="session")
def serving() -> Iterator[Serving]:
    with installation() as running:
        yield running


def call(serving: Serving, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the project's command on the installation."""
    port = serving.address.rsplit(":", 1)[1]
    given = {**os.environ, "CANCILLERIA_HOME": str(serving.home), "CANCILLERIA_PORT": port}
    return subprocess.run([PROGRAM, *arguments], env=given, capture_output=True, check=False)


@pytest.fixture(scope="session")
def issued(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("apostillas")
    done = call(serving, "demo", "apostilles", "3", "--out", str(folder))
    assert done.returncode == 0, done.stderr.decode()
    return [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]

"""The recipe of the keys, followed to the letter on a real installation: its blocks are run as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.serving import Serving, free_port, start, stop

from cancilleria.services.signing.evidence import VALID, verify_file
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.pki import certificates_in
from cancilleria.services.signing.trust import TrustList, parse

RECIPE = Path(__file__).resolve().parents[2] / "docs" / "recipes" / "keep-the-keys.md"
BLOCKS = dict(re.findall(r"```sh (\w+)\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL))
PROGRAMS = Path(sys.executable).parent


@dataclass
class Bench:
    """An installation that is started and stopped as the recipe says, with its safe and the witness's folder."""

    folder: Path
    port: int
    serving: Serving | None = None

    @property
    def home(self) -> Path:
        return self.folder / "casa"

    def serve(self) -> None:
        self.serving = start(self.home, self.port)

    def halt(self) -> None:
        if self.serving and self.serving.process.poll() is None:
            assert stop(self.serving) == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        given = {
            **os.environ, "CANCILLERIA_HOME": str(self.home), "CANCILLERIA_PORT": str(self.port),
            "SAFE": str(self.folder / "safe"), "WITNESS_HOME": str(self.folder / "archivo"),
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        }  # fmt: skip
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False)

    def follow(self, block: str) -> str:
        done = self.run("bash", "-euo", "pipefail", "-c", BLOCKS[block])
        assert done.returncode == 0, f"{block}: {done.stdout}{done.stderr}"
        return done.stdout

    def issue(self) -> bytes:
        with tempfile.TemporaryDirectory() as out:
            done = self.run("cancilleria", "demo", "apostilles", "1", "--out", out)
            assert done.returncode == 0, done.stderr
            return next(Path(out).glob("*.pdf")).read_bytes()

    @property
    def trust(self) -> TrustList:
        return parse((self.home / "confianza.json").read_bytes())

    @property
    def signer(self) -> str:
        return fingerprint(certificates_in(self.home / "claves" / "sello.pem")[0])


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="cancilleria-") as folder:
        for name in ("safe", "archivo"):
            (Path(folder) / name).mkdir()
        found = Bench(Path(folder), free_port())
        found.serve()
        yield found
        found.halt()


def test_every_block_of_the_recipe_is_run_by_a_test() -> None:
    assert list(BLOCKS) == ["ceremony", "witness", "replace", "revoke", "recover"]


def test_the_recipe_from_the_ceremony_to_lost_keys(bench: Bench) -> None:
    former, before = bench.signer, bench.issue()
    assert verify_file(before, bench.trust).result == VALID
    refused = bench.run("cancilleria", "keys", "replace", "log")
    assert (refused.returncode, "Detenga el servicio" in refused.stderr) == (1, True)
    assert former in bench.follow("ceremony")
    assert "— archivo.example " in bench.follow("witness")
    bench.halt()

    told = bench.follow("replace")
    assert ("firma también" in told, former in told, bench.signer != former) == (True, True, True)
    bench.serve()
    after = bench.issue()
    for document in (before, after):
        report = verify_file(document, bench.trust)
        assert (report.result, report.reason, report.revoked_at) == (VALID, "", None)
    # It knows the log's former key only, and follows: the head is signed by both.
    assert "— archivo.example " in bench.follow("witness")
    bench.halt()

    assert "sigue valiendo" in bench.follow("revoke")
    assert [row.certificate for row in bench.trust.revoked] == [former]
    report = verify_file(before, bench.trust)
    assert (report.result, report.revoked_at is not None) == (VALID, True)
    assert verify_file(after, bench.trust).revoked_at is None

    keys = {path.name: path.read_bytes() for path in (bench.home / "claves").iterdir()}
    bench.follow("recover")
    assert {path.name: path.read_bytes() for path in (bench.home / "claves").iterdir()} == keys
    bench.serve()
    assert verify_file(bench.issue(), bench.trust).result == VALID
    assert [row.certificate for row in bench.trust.revoked] == [former]

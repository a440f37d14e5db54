"""A log and a witness of its own for each test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cancilleria.kernel.register import doors
from cancilleria.kernel.register.note import COSIGNATURE, Signer
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.witness import AskWitness, Witness, handler_for

if TYPE_CHECKING:
    from cancilleria.kernel.register.sequencer import Sequencer

ORIGIN = "log.example/utopia"
AsWorker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def sequencer(tmp_path: Path, as_worker: AsWorker) -> Iterator[Sequencer]:
    from cancilleria.kernel.register.sequencer import Sequencer  # noqa: PLC0415 - models exist once Django is ready

    made = Sequencer(Signer(ORIGIN, Ed25519PrivateKey.generate()), Folder(tmp_path / "log"))
    with doors.log_origin.held(ORIGIN), doors.log_files.held(made.folder):
        with as_worker():
            made.start()
        yield made


@pytest.fixture
def witness(tmp_path: Path, sequencer: Sequencer) -> Iterator[AskWitness]:
    state = Witness(
        Signer("testigo.example", Ed25519PrivateKey.generate()),
        {ORIGIN: sequencer.signer.verifier()},
        Folder(tmp_path / "witness"),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(state))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield AskWitness(f"http://127.0.0.1:{server.server_port}", state.signer.verifier(COSIGNATURE), tmp_path / "memory")
    server.shutdown()

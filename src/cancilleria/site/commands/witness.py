"""`cancilleria witness`: a C2SP witness over HTTP. Needs no database: its memory is one file for each log."""

from __future__ import annotations

import argparse
import os
from http.server import ThreadingHTTPServer
from pathlib import Path

from cancilleria.kernel.register.note import Signer, VerifierKey
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.witness import Witness, handler_for
from cancilleria.site.environment import read, witness_port
from cancilleria.site.keys import WITNESS, KeyRing


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", action="append", default=[], help="clave del registro que atestigua (vkey); repetible")
    parser.add_argument("--name", default="testigo-local-no-independiente", help="nombre con que firma")
    parser.add_argument("--port", type=int, help="puerto en que escucha")


def run(parsed: argparse.Namespace) -> int:
    """Serves until it is stopped."""
    found = read(os.environ)
    home = Path(str(found["CANCILLERIA_HOME"]))
    logs = [VerifierKey.parse(text) for text in parsed.log]
    signer = Signer(parsed.name, KeyRing(home / "claves").ed25519(WITNESS))
    witness = Witness(signer, {key.name: key for key in logs}, Folder(home / "testigo"))
    address = ("127.0.0.1", parsed.port or witness_port(found))
    with ThreadingHTTPServer(address, handler_for(witness)) as server:
        server.serve_forever()
    return 0

"""`cancilleria witness`: a C2SP witness. Needs no database: its memory is one file for each log.

It waits for the log to ask, over HTTP; or, with `--over`, it reads what the log published, and asks nothing of anybody.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from http.server import ThreadingHTTPServer
from pathlib import Path

from cancilleria.kernel.register.merkle import ProofError
from cancilleria.kernel.register.note import COSIGNATURE, NoteError, Signer, VerifierKey
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.witness import Witness, follow, handler_for, reader_of
from cancilleria.site.environment import read, witness_port
from cancilleria.site.keys import WITNESS, KeyRing, make_witness_key

FORKED = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", action="append", default=[], help="clave del registro que atestigua (vkey); repetible")
    parser.add_argument("--name", default="testigo-local-no-independiente", help="nombre con que firma")
    parser.add_argument("--port", type=int, help="puerto en que escucha")
    parser.add_argument("--key", action="store_true", help="hace su clave si falta, la muestra y termina")
    parser.add_argument("--over", metavar="DIR|URL", help="lee lo publicado ahí en vez de escuchar")
    parser.add_argument("--every", type=float, default=60.0, metavar="SEGUNDOS", help="con --over: cada cuánto")
    parser.add_argument("--once", action="store_true", help="con --over: una sola vez")


def run(parsed: argparse.Namespace) -> int:
    """Serves until it is stopped. With `--over`: 0 cosigned, 1 nothing could be read, 3 the log shows another history."""
    found = read(os.environ)
    home = Path(str(found["CANCILLERIA_HOME"]))
    make_witness_key(home)
    logs = [VerifierKey.parse(text) for text in parsed.log]
    signer = Signer(parsed.name, KeyRing(home / "claves").ed25519(WITNESS))
    if parsed.key:
        print(signer.verifier(COSIGNATURE))
        return 0
    witness = Witness(signer, {key.name: key for key in logs}, Folder(home / "testigo"))
    if parsed.over:
        return _watch(witness, parsed)
    address = ("127.0.0.1", parsed.port or witness_port(found))
    with ThreadingHTTPServer(address, handler_for(witness)) as server:
        server.serve_forever()
    return 0


def _watch(witness: Witness, parsed: argparse.Namespace) -> int:
    """A fork ends it: a person must look."""
    code = 0
    while True:
        try:
            answer = follow(witness, reader_of(parsed.over))
        except (OSError, ValueError, NoteError, ProofError) as error:
            print(f"No se pudo leer lo publicado en {parsed.over}: {error}", file=sys.stderr)
            code = 1
        else:
            if answer.status == 422:
                print(f"ALARMA: el registro muestra otra historia ({answer.body.strip()}).", file=sys.stderr)
                print(f"Los dos puntos de control firmados están en {witness.folder.path}.", file=sys.stderr)
                return FORKED
            code = 0 if answer.status == 200 else 1
            print(answer.body.strip(), file=sys.stdout if code == 0 else sys.stderr, flush=True)
        if parsed.once:
            return code
        time.sleep(parsed.every)

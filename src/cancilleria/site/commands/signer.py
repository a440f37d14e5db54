"""`cancilleria signer DIR --key FILE`: the external signing agent, under another account or on another machine.

It answers what is asked in the folder with the key of the file. It stands for an agent of a card or of an HSM, which answers
the same requests; it shows each digest it signs and knows nothing of documents.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from cancilleria.services.signing import pki
from cancilleria.services.signing.agent import BEAT_SECONDS, answer_once
from cancilleria.services.signing.pades import sign_digest


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="carpeta de pedidos, la de CANCILLERIA_SIGNER=agent:DIR"
    )
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="clave y certificado (PEM), modo 600")


def run(parsed: argparse.Namespace) -> int:
    """Serves until it is stopped; 1 when the folder or the key cannot be used."""
    try:
        identity = pki.load(parsed.key)
        if not parsed.folder.is_dir():
            raise NotADirectoryError(parsed.folder)
    except (OSError, ValueError) as error:
        print(f"No se puede empezar: {error}", file=sys.stderr)
        return 1
    print("El agente espera pedidos.", flush=True)
    while True:
        if done := answer_once(parsed.folder, lambda digest: sign_digest(identity, digest)):
            print(f"Firmas hechas: {done}", flush=True)
        time.sleep(BEAT_SECONDS)

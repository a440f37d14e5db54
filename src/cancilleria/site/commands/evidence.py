"""`cancilleria evidence FILE -o PACK`: the evidence pack of an issued document. No database, no network."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cancilleria.services.signing.pack.make import make_pack
from cancilleria.services.signing.pack.refused import Refused
from cancilleria.services.signing.revocation import Revocations
from cancilleria.services.signing.trust import BadTrustList
from cancilleria.site.commands.verify import trust_file
from cancilleria.site.environment import read


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="documento emitido (PDF)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PACK", help="paquete que se crea (ZIP)")
    parser.add_argument(
        "--trust", type=Path, help="lista de confianza; si falta, la de CANCILLERIA_HOME o la del perfil"
    )
    parser.add_argument("--proof", type=Path, help="prueba más nueva que la del documento (cancilleria log prove)")
    parser.add_argument("--crl", type=Path, action="append", default=[], help="lista de revocación; repetible")


def run(parsed: argparse.Namespace) -> int:
    """Exit 0 when the pack was made, 1 when the document does not hold, 2 when something cannot be read or written."""
    home = Path(str(read(os.environ)["CANCILLERIA_HOME"]))
    try:
        lists = [path.read_bytes() for path in parsed.crl] or Revocations(home / "pki").files()
        proof = parsed.proof.read_bytes() if parsed.proof else None
        data = make_pack(parsed.file.read_bytes(), trust_file(parsed.trust), lists=lists, proof=proof)
        parsed.output.write_bytes(data)
    except Refused as error:
        print(f"No se hizo el paquete: {error}.", file=sys.stderr)
        return 1
    except (OSError, BadTrustList) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{parsed.output}: {len(data)} bytes. Para comprobarlo: python verificar.py {parsed.output.name}")
    return 0

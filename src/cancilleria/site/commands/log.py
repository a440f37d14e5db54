"""`cancilleria log status | export DIR | prove ENTRY`."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path

from cancilleria.site.commands.setup import database


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="status|export|prove")
    what.add_parser("status", help="origen, clave, tamaño y raíz").add_argument("--json", action="store_true")
    what.add_parser("export", help="copia del registro como archivos estáticos (C2SP tlog-tiles)").add_argument(
        "folder", type=Path
    )
    what.add_parser("prove", help="recibo de un asiento (C2SP tlog-proof)").add_argument("entry", type=uuid.UUID)


def run(parsed: argparse.Namespace) -> int:
    with database("worker"):
        from cancilleria.site import log  # noqa: PLC0415 - models exist only after setup

        if parsed.what == "status":
            now = log.status()
            shown = {"origin": now.origin, "vkey": now.vkey, "size": now.size, "root": now.root}
            print(json.dumps(shown, indent=1) if parsed.json else "\n".join(f"{k:<7}{v}" for k, v in shown.items()))
            return 0
        if parsed.what == "export":
            print(f"{log.export(parsed.folder)} archivos en {parsed.folder}")
            return 0
        receipt = log.receipt(parsed.entry)
        if receipt is None:
            print(
                "Ese asiento no existe o espera todavía su lugar en el registro: repita en un segundo.", file=sys.stderr
            )
            return 1
        sys.stdout.buffer.write(receipt)
        return 0

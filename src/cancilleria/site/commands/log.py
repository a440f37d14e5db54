"""`cancilleria log status | export DIR | prove ENTRY`, and the two ways out of a gap: `rows` and `bring`, or `close`."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path

from cancilleria.site.commands.setup import database
from cancilleria.site.keys import write_secret


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="status|export|prove|rows|bring|close")
    what.add_parser("status", help="origen, clave, tamaño y raíz").add_argument("--json", action="store_true")
    what.add_parser("export", help="copia del registro como archivos estáticos (C2SP tlog-tiles)").add_argument(
        "folder", type=Path
    )
    rows = what.add_parser(
        "rows", help="filas de los asientos, para la instalación que las perdió; llevan datos privados"
    )
    rows.add_argument("file", type=Path, metavar="FILE")
    rows.add_argument("--from", dest="start", type=int, default=0, metavar="N", help="desde la hoja N")
    what.add_parser("bring", help="trae las hojas publicadas que faltan en la base").add_argument("file", type=Path)
    what.add_parser("close", help="cierra este registro y abre otro origen").add_argument(
        "--reason", required=True, metavar="TEXTO", help="por qué; queda en el asiento"
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
        if parsed.what in {"rows", "bring", "close"}:
            return _mend(parsed)
        receipt = log.receipt(parsed.entry)
        if receipt is None:
            print(
                "Ese asiento no existe o espera todavía su lugar en el registro: repita en un segundo.", file=sys.stderr
            )
            return 1
        sys.stdout.buffer.write(receipt)
        return 0


def _mend(parsed: argparse.Namespace) -> int:
    """0 when it was done, 1 when nothing was changed. The installation must be stopped."""
    from cancilleria.kernel.register.recovery import CannotBring  # noqa: PLC0415 - models exist only after setup
    from cancilleria.site import log  # noqa: PLC0415

    if parsed.what == "rows":
        lines = list(log.rows_from(parsed.start))
        write_secret(parsed.file, "".join(f"{line}\n" for line in lines).encode())
        print(f"{len(lines)} asientos en {parsed.file}. Llevan datos privados: bórrelo cuando termine.")
    elif parsed.what == "bring":
        try:
            with parsed.file.open(encoding="utf-8") as lines:
                before, now = log.bring(lines)
        except CannotBring as error:
            print(error, file=sys.stderr)
            return 1
        print(f"El registro tenía {before} asientos en la base y tiene {now}, como lo publicado.")
    else:
        print(
            f"Desde ahora el registro es {log.close_log(parsed.reason).origin}. Los recibos anteriores siguen valiendo."
        )
        print("Dé la clave nueva (cancilleria log status) a los testigos y publique la lista de confianza.")
    return 0

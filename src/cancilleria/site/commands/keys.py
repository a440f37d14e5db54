"""`cancilleria keys list | replace WHAT | revoke CERTIFICATE`: for whoever holds the folder of keys."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from cancilleria.services.signing.holders import BadSigner
from cancilleria.services.signing.revocation import CannotRevoke
from cancilleria.site.commands.setup import database
from cancilleria.site.environment import read
from cancilleria.site.supervisor import AlreadyServing, lock

NAMES = {"log": "registro", "signer": "certificado", "seal": "sello impreso"}


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="list|replace|revoke")
    what.add_parser("list", help="claves y certificados de esta instalación, presentes y anteriores")
    replace = what.add_parser("replace", help="cambia una clave; lo firmado antes sigue valiendo")
    replace.add_argument("key", choices=NAMES, help="log: registro; signer: firma de documentos; seal: sello impreso")
    revoke = what.add_parser("revoke", help="revoca un certificado anterior y publica la lista")
    revoke.add_argument("certificate", help="SHA-256 del certificado, o su comienzo")
    revoke.add_argument("--reason", required=True, metavar="TEXTO", help="por qué; queda en el asiento")
    revoke.add_argument("--since", type=datetime.fromisoformat, metavar="FECHA", help="desde cuándo; si falta, ahora")


def run(parsed: argparse.Namespace) -> int:
    """0 when it was done, 1 when nothing was changed. Changes need the service stopped."""
    if parsed.what == "revoke" and parsed.since and parsed.since.tzinfo is None:
        print("--since necesita zona horaria, por ejemplo 2026-11-25T10:30:00-05:00.", file=sys.stderr)
        return 1
    try:
        held = lock(Path(str(read(os.environ)["CANCILLERIA_HOME"]))) if parsed.what != "list" else None
        with database("worker", alone=held is not None):
            code = _act(parsed)
        if held is not None:
            os.close(held)
    except (AlreadyServing, CannotRevoke, BadSigner) as error:
        print(f"{error} Detenga el servicio y repita." if isinstance(error, AlreadyServing) else error, file=sys.stderr)
        return 1
    return code


def _act(parsed: argparse.Namespace) -> int:
    from cancilleria.site import rotation  # noqa: PLC0415 - models exist only after setup

    if parsed.what == "list":
        for row in rotation.held():
            until = f"  hasta {row.until}" if row.until else ""
            print(f"{NAMES[row.what]:<14}{row.name}{until}" + (f"  ({row.remark})" if row.remark else ""))
    elif parsed.what == "replace":
        made = rotation.replace(parsed.key)
        print(f"Se cambió la clave ({NAMES[parsed.key]}):\n  anterior  {made.former}\n  nueva     {made.now}")
        print("Guarde una copia de la carpeta de claves, publique la lista de confianza e inicie el servicio.")
        if parsed.key == "log":
            print("Dé la clave nueva a los testigos.")
    else:
        since = rotation.revoke(parsed.certificate, since=parsed.since, reason=parsed.reason)
        print(f"Revocado desde {since.isoformat()}. Lo firmado antes, con sello de tiempo anterior, sigue valiendo.")
        print("Publique la lista de confianza y la de revocación (/pki/autoridad.crl).")
    return 0

"""The command `cancilleria`. Each command is a module of `commands`, loaded only when it is called: verify needs no Django."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from cancilleria.site.environment import BadSetting

COMMANDS = {
    "serve": "inicia la base de datos, el sitio, el trabajador y el testigo local",
    "verify": "comprueba un documento emitido, sin red ni base de datos",
    "evidence": "hace el paquete de pruebas de un documento emitido",
    "keys": "cambia claves y revoca certificados",
    "signer": "agente externo: firma con una clave que esta instalación no tiene",
    "seal": "comprueba el sello digital impreso en un papel, sin red ni base de datos",
    "check": "revisa de nuevo todo el registro con código independiente",
    "log": "estado, copia y pruebas del registro",
    "backup": "copia base de datos, archivos y registro; las claves, aparte y cifradas",
    "restore": "recupera una copia en una carpeta vacía, a la hora que se diga",
    "apostille": "presenta los lotes de documentos de una entidad",
    "profile": "carga el perfil del ministerio",
    "pki": "crea en una carpeta autoridades y sellos de prueba",
    "import": "toma los actos de un sistema anterior de una carpeta de CSV y PDF",
    "erasures": "muestra la lista de supresiones y la repite en una base restaurada",
    "demo": "datos de demostración",
    "access": "termina las sesiones de una cuenta, o la cierra",
    "witness": "atestigua los puntos de control de un registro",
    "worker": "ordena el registro, firma y envía avisos (lo inicia serve)",
    "prepare": "migra la base y carga lo que falta (lo inicia serve)",
    "manage": "órdenes de Django",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. A bad setting is named and nothing is started."""
    parser = argparse.ArgumentParser(prog="cancilleria", description="Plataforma de operación de una cancillería.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="orden")
    given = list(sys.argv[1:] if arguments is None else arguments)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text, add_help=name != "manage")
        # Only the called command's module is imported.
        if given[:1] == [name]:
            module = importlib.import_module(f"cancilleria.site.commands.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    try:
        parsed, rest = parser.parse_known_args(given)
        if rest and parsed.command != "manage":
            parser.error(f"no se entiende: {' '.join(rest)}")
        parsed.rest = rest
        code: int = parsed.run(parsed)
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())

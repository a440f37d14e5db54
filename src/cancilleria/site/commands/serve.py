"""`cancilleria serve`: everything, in order, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from cancilleria.kernel.organs.profile import read_toml
from cancilleria.services.signing.office import make_test_pki
from cancilleria.site.environment import BadSetting, read
from cancilleria.site.keys import hold_ceremony
from cancilleria.site.languages import languages_of
from cancilleria.site.supervisor import AlreadyServing, Supervisor

SOURCE = Path(__file__).resolve().parents[2]


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: settings are in the environment (docs/settings.md)."""


def run(parsed: argparse.Namespace) -> int:
    found = read(os.environ)
    home = Path(str(found["CANCILLERIA_HOME"]))
    if SOURCE in home.parents or SOURCE.parent.parent in home.parents:
        raise BadSetting(f"CANCILLERIA_HOME={home} está dentro del repositorio: elija otra carpeta.")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    hold_keys(home, str(found["CANCILLERIA_PROFILE"]))
    supervisor = Supervisor(home, found, _say)
    try:
        return supervisor.run(lambda: _welcome(home, found))
    except AlreadyServing as error:
        print(error, file=sys.stderr)
        return 1


def hold_keys(home: Path, profile: str) -> None:
    """Make the keys that are missing, and say where they are and how to keep them."""
    made = hold_ceremony(home)
    if not (home / "claves" / "sello.pem").exists():
        _say("Creando las claves de esta instalación…")
        facts = read_toml(SOURCE / "profiles" / profile / "profile.toml")
        language = languages_of(SOURCE / "profiles" / profile)[0][0]
        names = facts["authority"]
        ministry = names[language] if isinstance(names, dict) else ""
        made += make_test_pki(home / "claves", ministry=ministry, country=str(facts["country"]), language=language)
    if made:
        _say("Claves nuevas, que solo lee su cuenta. Guarde una copia de la carpeta fuera de este equipo:")
        for line in made:
            _say(f"  {line}")


def _welcome(home: Path, found: Mapping[str, object]) -> None:
    address = found["CANCILLERIA_ADDRESS"] or f"http://127.0.0.1:{found['CANCILLERIA_PORT']}"
    _say(f"\nCancillería está lista: {address}/          Portal de las personas")
    _say(f"                        {address}/despacho/ Despacho de los funcionarios")
    logins = home / "demostracion" / "accesos.json"
    if logins.exists():
        _say(
            "\nDemostración: personas y documentos inventados. Accesos (con su segundo factor, para una aplicación TOTP):"
        )
        for login in json.loads(logins.read_text()):
            _say(
                f"  {login['name']} · {login['post']}\n    {login['email']}  clave {login['password']}  TOTP {login['totp_secret']}"
            )
        _say(f"  Documentos para probar: {home / 'demostracion' / 'documentos'}")
    _say(
        f"\nDatos: {home}\nClaves: {home / 'claves'}\nEl testigo local está en este mismo equipo: no es independiente.\nCtrl-C para detener.\n"
    )


def _say(text: str) -> None:
    print(text, flush=True)

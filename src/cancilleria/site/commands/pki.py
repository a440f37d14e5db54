"""`cancilleria pki DIR`: a test PKI in a folder, for drills and for whoever builds against us. Never for real acts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cancilleria.services.signing.office import make_test_pki


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="carpeta donde dejar autoridades, sello y sello de tiempo de prueba")
    parser.add_argument("--ministry", default="Ministerio de prueba", help="nombre que llevan los certificados")
    parser.add_argument("--country", default="XX", help="código de país de dos letras")


def run(parsed: argparse.Namespace) -> int:
    """Make what is missing, print each file. 1 when the folder already holds a PKI: keys are never written over."""
    if len(parsed.country) != 2 or not parsed.country.isalpha():
        print(f"--country {parsed.country}: se espera un código de dos letras, por ejemplo ES.", file=sys.stderr)
        return 2
    parsed.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = make_test_pki(parsed.folder, ministry=parsed.ministry, country=parsed.country.upper())
    if not made:
        print(f"{parsed.folder} ya tiene claves y no se tocan: elija otra carpeta.", file=sys.stderr)
        return 1
    print("\n".join(made))
    return 0

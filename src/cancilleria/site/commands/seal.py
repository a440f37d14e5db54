"""`cancilleria seal verify FILE`: the digital seal of a paper, from its photograph, scan or PDF. No database, no network."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cancilleria.services.seals.codes import UnreadableImage, picture, read_codes
from cancilleria.services.seals.judge import Judgement, judge_codes
from cancilleria.services.signing.evidence import UNREADABLE, VALID
from cancilleria.services.signing.trust import BadTrustList
from cancilleria.site.commands.verify import WORDS, trust_list

LABELS = {
    "country": "1. País", "signed_by": "2. Ha sido suscrito por", "capacity": "3. En calidad de",
    "seal_of": "4. Lleva el sello de", "at": "5. En", "on": "6. El día", "by": "7. Por", "number": "8. Número",
    "seal": "9. Sello", "signature": "10. Firma", "digest": "SHA-256 de los diez datos", "mrz": "Zona de lectura mecánica",
    "entries": "Entradas", "stay": "Estancia (días-meses-años)", "passport": "Pasaporte", "type": "Tipo de visa",
    "more": "Otros datos",
}  # fmt: skip
COMPARE = "Compare estos datos con los del papel, uno por uno; lo que termina en «…» está cortado en el sello:"
CAVEAT = (
    "El sello prueba quién lo puso y estos datos. Si el acto se anuló o corrigió después no se ve en el papel: "
    "pregúntelo al registro, en la dirección impresa, con número, fecha y código."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="qué")
    verify = what.add_parser("verify", help="comprueba el sello de un papel: imagen, o primera página de un PDF")
    verify.add_argument("file", type=Path)
    verify.add_argument("--json", action="store_true", help="respuesta para programas")
    verify.add_argument(
        "--trust", type=Path, help="lista de confianza; si falta, la de CANCILLERIA_HOME o la del perfil"
    )


def run(parsed: argparse.Namespace) -> int:
    """Exit 0 valid, 1 not valid or issuer unknown, 2 unreadable."""
    try:
        found = judge_codes(read_codes(picture(parsed.file.read_bytes())), trust_list(parsed.trust))
    except (OSError, UnreadableImage, BadTrustList) as error:
        found = Judgement(UNREADABLE, str(error))
    print(_as_json(found) if parsed.json else _as_text(found))
    return found.exit_code


def _as_text(found: Judgement) -> str:
    lines = [WORDS[found.result] + (f" ({found.reason})" if found.reason else "")]
    if found.result == VALID and found.header is not None:
        name = found.kind.name if found.kind else "documento de una clase que no se conoce"
        lines += [
            f"Sello de {name}, puesto con la clave {found.header.reference} el {found.header.signed_on.isoformat()}.",
            COMPARE,
            *(f"  {LABELS.get(field, field)}: {text}" for field, text in found.fields.items()),
            CAVEAT,
        ]
    return "\n".join(lines)


def _as_json(found: Judgement) -> str:
    header = found.header
    answer: dict[str, object] = {
        "result": found.result, "reason": found.reason, "kind": found.kind.key if found.kind else "",
        "fields": dict(found.fields), "caveat": CAVEAT,
    }  # fmt: skip
    if header is not None:
        days = {"issued_on": header.issued_on.isoformat(), "signed_on": header.signed_on.isoformat()}
        answer["header"] = {"country": header.country, "reference": header.reference, **days}
    return json.dumps(answer, ensure_ascii=False, indent=1)

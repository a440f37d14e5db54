"""`cancilleria verify FILE`: no database, no network, no Django."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from cancilleria.services.signing import evidence
from cancilleria.services.signing.evidence import CAVEAT, ISSUER_UNKNOWN, NOT_VALID, UNREADABLE, VALID, Report
from cancilleria.services.signing.trust import BadTrustList, TrustList, parse
from cancilleria.site.environment import read

WORDS = {
    VALID: "VÁLIDO",
    ISSUER_UNKNOWN: "NO VÁLIDO: emisor desconocido",
    NOT_VALID: "NO VÁLIDO",
    UNREADABLE: "NO SE PUEDE LEER",
}
PROFILES = Path(__file__).resolve().parents[2] / "profiles"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="respuesta para programas")
    parser.add_argument(
        "--trust", type=Path, help="lista de confianza; si falta, la de CANCILLERIA_HOME o la del perfil"
    )


def run(parsed: argparse.Namespace) -> int:
    """Exit 0 valid, 1 not valid or issuer unknown, 2 unreadable."""
    try:
        report = evidence.verify_file(parsed.file.read_bytes(), trust_list(parsed.trust))
    except (OSError, BadTrustList) as error:
        report = Report(UNREADABLE, str(error))
    print(_as_json(report) if parsed.json else _as_text(report))
    return report.exit_code


def trust_list(given: Path | None) -> TrustList:
    """The list given, else that of CANCILLERIA_HOME, else the profile's; raises BadTrustList."""
    return parse(trust_file(given))


def trust_file(given: Path | None) -> bytes:
    """That list as it was published; raises BadTrustList when there is none."""
    found = read(os.environ)
    home, profile = Path(str(found["CANCILLERIA_HOME"])), str(found["CANCILLERIA_PROFILE"])
    for path in [given] if given else [home / "confianza.json", PROFILES / profile / "confianza.json"]:
        if given or path.exists():
            return path.read_bytes()
    raise BadTrustList(
        "No hay lista de confianza: descárguela de /confianza.json del ministerio emisor e indíquela con --trust."
    )


def _as_text(report: Report) -> str:
    lines = [WORDS[report.result] + (f" ({report.reason})" if report.reason else "")]
    if report.result == VALID and report.proof is not None:
        seen = ", ".join(report.proof.witnesses) if report.proof.witnessed else "todavía ningún testigo"
        stamped = report.stamped_at.isoformat() if report.stamped_at else "sin sello de tiempo"
        lines += [
            f"  acto        {report.act.get('verb')} {report.act.get('year')}-{report.public.get('series', '')}-"
            f"{int(str(report.act.get('number', 0))):06d}",
            f"  firmado por {report.signer}",
            f"  tiempo      {stamped}",
            *_revocation(report),
            f"  registro    {report.proof.origin}, asiento {report.proof.index} de {report.proof.size}; visto por {seen}",
            *(f"  {name:<11} {value}" for name, value in report.public.items() if name != "documents"),
            f"  original    SHA-256 {report.original}" if report.original else "  original    no va adjunto",
        ]
    return "\n".join([*lines, CAVEAT])


def _revocation(report: Report) -> list[str]:
    if report.revoked_at is None:
        return []
    return [
        f"  revocación  el certificado se revocó el {report.revoked_at.isoformat()}; la firma es anterior, lo prueba su "
        "sello de tiempo, y sigue valiendo"
    ]


def _as_json(report: Report) -> str:
    found: dict[str, object] = {
        "result": report.result, "reason": report.reason, "signer": report.signer, "entry": report.entry,
        "act": dict(report.act), "public": dict(report.public), "original": report.original, "caveat": CAVEAT,
        "stamped_at": report.stamped_at.isoformat() if report.stamped_at else None,
        "revoked_at": report.revoked_at.isoformat() if report.revoked_at else None,
    }  # fmt: skip
    if report.proof is not None:
        found["log"] = {
            "origin": report.proof.origin, "index": report.proof.index, "size": report.proof.size,
            "witnesses": list(report.proof.witnesses), "witnessed": report.proof.witnessed,
        }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1)

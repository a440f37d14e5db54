"""The command line of the one-file verifier: reads a pack, or a folder it was opened into, and tells what holds."""

from __future__ import annotations

import argparse
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from cancilleria.services.signing.pack.check import Verdict, check_pack
from cancilleria.services.signing.pack.lists import read_trust
from cancilleria.services.signing.pack.refused import REASONS, Refused, must

VALID, NOT_VALID, UNREADABLE = 0, 1, 2
MAX_MEMBERS, MAX_SIZE = 64, 40 * 1024 * 1024


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack by name. Raises Refused for names that come twice, and for what is too big."""
    if path.is_dir():
        return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    try:
        with zipfile.ZipFile(path) as found:
            rows = found.infolist()
            must(len(rows) <= MAX_MEMBERS and sum(row.file_size for row in rows) <= MAX_SIZE, "member")
            must(len({row.filename for row in rows}) == len(rows), "member")
            return {row.filename: found.read(row) for row in rows}
    except (Refused, OSError):
        raise
    except Exception as error:  # whatever a damaged zip makes its reader raise, it is no pack
        raise zipfile.BadZipFile(str(error)) from error


def tell(found: Verdict, english: bool) -> str:
    """What holds, and what no file can prove."""
    say = (lambda es, en: en) if english else (lambda es, en: es)
    stamp, act = found.signed[1].stamped_at if len(found.signed) > 1 else None, found.act
    lines = [say("VÁLIDO", "VALID")]
    if found.trust.demonstration:
        lines.append(say("Demostración: personas inventadas, sin valor.", "Demonstration: invented people, no value."))
    lines += [
        f"{say('acto', 'act')}: {act.get('verb')} {act.get('year')}-{found.public.get('series', '')}-{act.get('number')}",
        f"{say('firmado por', 'signed by')}: {found.signed[0].certificate.subject.rfc4514_string()}",
        f"{say('sello de tiempo', 'time stamp')}: {stamp.isoformat() if stamp else say('ninguno', 'none')}",
        f"{say('registro', 'log')}: {found.proof.origin}, {found.proof.index} / {found.proof.size}",
        f"{say('testigos', 'witnesses')}: {', '.join(found.proof.witnesses) or say('ninguno', 'none')}"
        + ("" if found.witnessed else say(" (todavía no bastan)", " (not enough yet)")),
        f"{say('documento original', 'original document')}: {found.original or say('no va adjunto', 'not attached')}",
    ]
    if found.revoked_at:
        lines.append(
            say(
                f"El certificado se revocó el {found.revoked_at.isoformat()}. La firma es anterior: lo prueba su sello de "
                "tiempo, y sigue valiendo.",
                f"The certificate was revoked on {found.revoked_at.isoformat()}. The signature is older, as its time "
                "stamp proves, and stays good.",
            )
        )
    if not found.lists:
        lines.append(say("Sin listas de revocación en el paquete.", "No revocation lists in the pack."))
    if found.own_trust:
        lines.append(
            say(
                "ATENCIÓN: se usó la lista de confianza del propio paquete. Pídala al ministerio y repita con --trust.",
                "CAUTION: the pack's own trust list was used. Get it from the ministry and repeat with --trust.",
            )
        )
    lines.append(
        say(
            "La anulación o corrección posterior no se comprueba aquí: pregúntela al registro.",
            "Later annulment or correction is not checked here: ask the register.",
        )
    )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 valid, 1 not valid, 2 unreadable."""
    parser = argparse.ArgumentParser(description="Comprueba un paquete de pruebas. / Checks an evidence pack.")
    parser.add_argument("pack", type=Path, help="paquete .zip o carpeta / pack or folder")
    parser.add_argument("--trust", type=Path, help="confianza.json del ministerio / the ministry's trust list")
    parser.add_argument("--en", action="store_true", help="answer in English")
    parsed = parser.parse_args(arguments)
    try:
        trust = read_trust(parsed.trust.read_bytes()) if parsed.trust else None
        print(tell(check_pack(read_pack(parsed.pack), trust, datetime.now(UTC)), parsed.en))
    except Refused as error:
        print(("NOT VALID: " if parsed.en else "NO VÁLIDO: ") + REASONS[error.code][1 if parsed.en else 0])
        return NOT_VALID
    except (OSError, zipfile.BadZipFile) as error:
        print(f"{'UNREADABLE' if parsed.en else 'NO SE PUEDE LEER'}: {error}", file=sys.stderr)
        return UNREADABLE
    return VALID

"""The keys of an installation: made once, mode 600, below `CANCILLERIA_HOME/claves` (DECISIONS 31)."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cancilleria.services.seals.keys import KEY, make_key

LOG, WITNESS, TRUST = "registro.pem", "testigo.pem", "confianza.pem"


@dataclass(frozen=True)
class KeyRing:
    """Reads keys by file name; makes the missing ones at the ceremony only."""

    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="ascii").strip()

    def json(self, name: str) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.text(name))
        return found

    def ed25519(self, name: str) -> Ed25519PrivateKey:
        key = serialization.load_pem_private_key((self.folder / name).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{name} no es una clave Ed25519")
        return key


def _secret() -> bytes:
    return secrets.token_urlsafe(48).encode()


def _passwords() -> bytes:
    return json.dumps({"app": secrets.token_urlsafe(24), "worker": secrets.token_urlsafe(24)}).encode()


def _signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _sealing_key() -> bytes:
    return make_key(datetime.now(UTC).date())


CEREMONY: dict[str, tuple[Callable[[], bytes], str]] = {
    "sesiones.txt": (_secret, "sesiones y formularios"),
    "codigos.txt": (
        _secret,
        "códigos de seguimiento y de verificación: si se pierde, los códigos ya dados dejan de valer",
    ),
    "base.json": (_passwords, "claves de la base de datos"),
    LOG: (_signing_key, "clave del registro: firma los puntos de control"),
    WITNESS: (_signing_key, "clave del testigo local (no es independiente)"),
    KEY: (_sealing_key, "clave de los sellos impresos"),
    TRUST: (_signing_key, "clave de la lista de confianza"),
}


def hold_ceremony(home: Path) -> list[str]:
    """Make the keys that are missing and return one line for each key made: path and purpose."""
    folder = home / "claves"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name, (make, purpose) in CEREMONY.items():
        path = folder / name
        if not path.exists():
            write_secret(path, make())
            made.append(f"{path}: {purpose}")
    return made


def make_log_key(folder: Path, name: str) -> None:
    """Make the key of a further log, unless it is there."""
    if not (folder / name).exists():
        write_secret(folder / name, _signing_key())


def replace_log_key(folder: Path, name: str, kept: str) -> None:
    """Make a new key of a log; the former one stays as `kept`. Cut at whatever moment, the log has a key."""
    (folder / kept).unlink(missing_ok=True)
    (folder / kept).hardlink_to(folder / name)
    write_secret(folder / name, _signing_key())


def make_witness_key(home: Path) -> None:
    """Make the key of a witness that runs on a home of its own, unless it is there."""
    (home / "claves").mkdir(parents=True, exist_ok=True, mode=0o700)
    make_log_key(home / "claves", WITNESS)


def write_secret(path: Path, content: bytes) -> None:
    """Write a file only its owner reads: complete on disk, or not there."""
    staging = path.with_name(path.name + ".nuevo")
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    staging.rename(path)

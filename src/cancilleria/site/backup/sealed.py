"""The keys of an installation in one file that only a passphrase opens (scrypt, AES-256-GCM)."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cancilleria.site.keys import write_secret

MAGIC = b"cancilleria/claves/1\n"
SALT, NONCE, SHORTEST = 16, 12, 12


class CannotOpen(RuntimeError):
    """The passphrase is another, or the file is damaged or is no copy of keys."""


def seal(folder: Path, target: Path, passphrase: str) -> int:
    """Write every key of `folder` to `target`, mode 600; returns how many. Raises ValueError for a short passphrase."""
    if len(passphrase) < SHORTEST:
        raise ValueError(f"La frase de las claves necesita {SHORTEST} letras o más.")
    packed = io.BytesIO()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in paths:
            tar.add(path, str(path.relative_to(folder)), recursive=False)
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret(target, MAGIC + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, packed.getvalue(), MAGIC))
    return len(paths)


def unseal(source: Path, folder: Path, passphrase: str) -> int:
    """Put the keys back in `folder`, mode 600. Raises CannotOpen and writes nothing unless all of it is right."""
    data = source.read_bytes()
    if not data.startswith(MAGIC):
        raise CannotOpen(f"{source} no es una copia de claves.")
    at = len(MAGIC)
    salt, nonce, body = data[at : at + SALT], data[at + SALT : at + SALT + NONCE], data[at + SALT + NONCE :]
    try:
        packed = _cipher(passphrase, salt).decrypt(nonce, body, MAGIC)
    except InvalidTag as error:
        raise CannotOpen("La frase no abre la copia de las claves, o el archivo está dañado.") from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = tar.getmembers()
        for member in members:
            content = tar.extractfile(member)
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_secret(path, content.read() if content else b"")
    return len(members)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode()))

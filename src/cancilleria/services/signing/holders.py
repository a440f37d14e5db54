"""Who holds the ministry's signing key: a file, a PKCS#11 token, or an agent outside. One interface; documents are the same.

`CANCILLERIA_SIGNER` says which: nothing for the file, `pkcs11:MODULE;token=NAME;key=LABEL`, or `agent:FOLDER`.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOKEN, AGENT, FILE = "pkcs11:", "agent:", "file:"


class BadSigner(ValueError):
    """The setting, the token or the PIN's file is not usable; the message says what to mend."""


class KeyHolder(Protocol):
    """A certificate with the means to sign under it. The private key need not be here."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]: ...

    def sign(self, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over the message."""
        ...


@dataclass
class Token:
    """A key that never leaves its token. The session is opened at the first signature and again after a failure."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    module: str
    token: str
    label: str
    pin: str
    _session: Any = field(default=None, repr=False)
    _key: Any = field(default=None, repr=False)

    def sign(self, message: bytes) -> bytes:
        """Raises BadSigner when the token is away, locked, or lacks the key."""
        try:
            return self._signed(message)
        except pkcs11.PKCS11Error:
            self._close()  # a token that was pulled out and put back needs another session
        try:
            return self._signed(message)
        except pkcs11.PKCS11Error as error:
            raise BadSigner(f"El dispositivo «{self.token}» no firma: {type(error).__name__}.") from error

    def _signed(self, message: bytes) -> bytes:
        if self._key is None:
            self._session = pkcs11.lib(self.module).get_token(token_label=self.token).open(user_pin=self.pin)
            self._key = self._session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self.label)
        return bytes(self._key.sign(message, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))

    def _close(self) -> None:
        session, self._session, self._key = self._session, None, None
        if session is not None:
            with suppress(pkcs11.PKCS11Error):
                session.close()


def parse_token(text: str) -> tuple[str, str, str]:
    """Module, token and label of `pkcs11:MODULE;token=NAME;key=LABEL`. Raises BadSigner."""
    module, *rest = text.removeprefix(TOKEN).split(";")
    given = dict(part.partition("=")[::2] for part in rest)
    if not module or set(given) != {"token", "key"}:
        raise BadSigner("CANCILLERIA_SIGNER: se espera pkcs11:MÓDULO;token=NOMBRE;key=ETIQUETA")
    return module, given["token"], given["key"]


def pin_of(text: str) -> str:
    """The PIN itself, or that of `file:PATH`, which only its owner may read. Raises BadSigner for any other file."""
    if not text.startswith(FILE):
        return text
    path = Path(text.removeprefix(FILE))
    if not path.is_file():
        raise BadSigner(f"No existe {path}: ahí se espera el PIN del dispositivo.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSigner(f"{path} lo pueden leer otras cuentas: póngale permisos 600.")
    return path.read_text(encoding="utf-8").strip()


def generate_in_token(text: str, pin: str, bits: int = 3072) -> bytes:
    """Make an RSA key inside the token; its SubjectPublicKeyInfo, for whoever issues the certificate."""
    module, token, label = parse_token(text)
    with _opened(module, token, pin) as session:
        if list(session.get_objects({pkcs11.Attribute.LABEL: label})):
            raise BadSigner(f"El dispositivo ya tiene una clave «{label}»: no se toca.")
        public, _ = session.generate_keypair(pkcs11.KeyType.RSA, bits, label=label, store=True)
        names = (pkcs11.Attribute.PUBLIC_EXPONENT, pkcs11.Attribute.MODULUS)
        exponent, modulus = (int.from_bytes(public[name], "big") for name in names)
    key = RSAPublicNumbers(exponent, modulus).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def _opened(module: str, token: str, pin: str) -> Iterator[pkcs11.Session]:
    try:
        with pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=pin) as session:
            yield session
    except pkcs11.PKCS11Error as error:
        raise BadSigner(f"No se pudo usar el dispositivo «{token}»: {type(error).__name__}.") from error

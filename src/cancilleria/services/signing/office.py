"""The ministry's own keys: made once, loaded once in a process, used by the worker only (DECISIONS 24 and 31)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from cancilleria.services.signing import pki
from cancilleria.services.signing.agent import Agent
from cancilleria.services.signing.archive import Archive
from cancilleria.services.signing.holders import AGENT, Token, parse_token, pin_of
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.pades import LocalTimeStamps, Seal

AUTHORITY, SEAL, STAMP = "autoridad", "sello", "sello-de-tiempo"
ENTITIES = "entidades"  # the demonstration's own authority of entities
# What their certificates are called: root, time stamps, authority of entities.
NAMES = {
    "es": ("Autoridad raíz de {}", "Sello de tiempo de {}", "Autoridad de certificación de entidades"),
    "en": ("Root authority of {}", "Time stamps of {}", "Certification authority of entities"),
}
FUNCTION = "cancilleria.services.signing.incoming:inspect"


def make_test_pki(folder: Path, *, ministry: str, country: str, language: str = "es") -> list[str]:
    """Make the demonstration's authorities, the ministry's seal and its time stamps, if missing. Returns what was made.

    The roots' keys stay in the folder too: a real ministry brings its own certificates in the same files.
    """
    if (folder / f"{SEAL}.pem").exists():
        return []
    at, names = pki.now(), [name.format(ministry) for name in NAMES[language]]
    root = pki.make_authority(names[0], country=country, at=at)
    seal = pki.make_signer(ministry, organisation=ministry, title="", country=country, above=root, at=at)
    stamp = pki.make_signer(
        names[1], organisation=ministry, title="", country=country, above=root, at=at,
        time_stamping=True,
    )  # fmt: skip
    entities = pki.make_authority(names[2], country=country, at=at)
    made = {AUTHORITY: root, ENTITIES: entities, STAMP: stamp, SEAL: seal}
    return [str(pki.save(identity, folder, name)) for name, identity in made.items()]


def certify_elsewhere(folder: Path, public: bytes, *, at: datetime) -> tuple[x509.Certificate, x509.Certificate]:
    """Certify a key that is in a token, and take it as the seal: the former certificate and the new one."""
    path, authority = folder / f"{SEAL}.pem", pki.load(folder / f"{AUTHORITY}.pem")
    former, *chain = pki.certificates_in(path)
    key = serialization.load_der_public_key(public)
    if not isinstance(key, RSAPublicKey):
        raise TypeError("the token's key is not RSA")
    made = pki.certify(key, former, authority, at=at)
    _keep(folder, former, chain)
    staging = path.with_suffix(".nuevo")
    staging.write_bytes(b"".join(pki.pem(one) for one in (made, authority.certificate, *authority.chain)))
    staging.replace(path)
    return former, made


def _keep(folder: Path, former: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
    """The certificate of a key that signs no more: what it signed goes on being checked."""
    kept = folder / f"{SEAL}-anterior-{fingerprint(former)[:8]}.pem"
    kept.write_bytes(b"".join(pki.pem(certificate) for certificate in (former, *chain)))


def make_signer_again(folder: Path, *, at: datetime) -> tuple[x509.Certificate, x509.Certificate]:
    """Replace the demonstration's seal by one with a new key: the former certificate and the new one.

    The former key is destroyed; its certificate stays, because the documents it signed go on being checked.
    """
    former, authority = pki.load(folder / f"{SEAL}.pem"), pki.load(folder / f"{AUTHORITY}.pem")
    named = {row.oid: str(row.value) for row in former.certificate.subject}
    made = pki.make_signer(
        named[NameOID.COMMON_NAME], organisation=named[NameOID.COMMON_NAME], title="",
        country=named[NameOID.COUNTRY_NAME], above=authority, at=at,
    )  # fmt: skip
    _keep(folder, former.certificate, former.chain)
    staging = pki.save(made, folder, f"{SEAL}.nuevo")
    staging.replace(folder / f"{SEAL}.pem")
    return former.certificate, made.certificate


def certificates_of(folder: Path) -> tuple[x509.Certificate, ...]:
    """The certificates the ministry signs and stamps with, or did: the present signer first."""
    names = [folder / f"{SEAL}.pem", *sorted(folder.glob(f"{SEAL}-anterior-*.pem")), *stamp_files(folder)]
    return tuple(pki.certificates_in(path)[0] for path in names if path.exists())


def stamp_files(folder: Path) -> list[Path]:
    """Files of the time-stamp authorities, present and former."""
    return sorted(folder.glob(f"{STAMP}*.pem"))


@lru_cache(maxsize=4)
def seal_of(folder: Path, location: str, signer: str = "", pin: str = "") -> Seal:
    """The ministry's seal. Its key is held in memory, in the token or by the agent that `signer` names. Raises BadSigner."""
    path = folder / f"{SEAL}.pem"
    if not signer:
        return Seal(pki.load(path), location)
    own, *chain = pki.certificates_in(path)
    if signer.startswith(AGENT):
        return Seal(Agent(own, tuple(chain), Path(signer.removeprefix(AGENT))), location)
    module, token, label = parse_token(signer)
    return Seal(Token(own, tuple(chain), module, token, label, pin_of(pin)), location)


@lru_cache(maxsize=4)
def stamps_of(folder: Path) -> LocalTimeStamps:
    return LocalTimeStamps(pki.load(folder / f"{STAMP}.pem"))


def archive_of(folder: Path, lists: Sequence[bytes]) -> Archive:
    """What renews documents: the present time-stamp authority, our roots, the present revocation lists."""
    return Archive(pki.load(folder / f"{STAMP}.pem"), roots_of(folder), lists)


def stamp_certificates(folder: Path) -> list[x509.Certificate]:
    """Certificates of the time-stamp authorities, present and former, that are still valid."""
    found = [pki.certificates_in(path)[0] for path in stamp_files(folder)]
    return [certificate for certificate in found if certificate.not_valid_after_utc > pki.now()]


def roots_of(folder: Path) -> tuple[x509.Certificate, ...]:
    """The roots under which the ministry's own documents are signed."""
    return (pki.certificates_in(folder / f"{AUTHORITY}.pem")[0],)


@dataclass(frozen=True)
class SignatureReader:
    """The kernel's door `inspector`: trusts the roots of entities found as PEM files in `folder`."""

    folder: Path
    function: str = FUNCTION

    def given(self) -> Mapping[str, object]:
        found = [
            c for path in sorted(self.folder.glob("*.pem")) for c in x509.load_pem_x509_certificates(path.read_bytes())
        ]
        return {"roots": [base64.b64encode(pki.der(certificate)).decode() for certificate in found]}

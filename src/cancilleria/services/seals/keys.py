"""Keys of seals: P-256, named by two letters of the signer and by the key itself (Doc 9303-13, section 2.2).

A key's file is JSON: the key, the two letters, since when it signs, and until when for one that was replaced. Its
reference is the country, the two letters and the first eight digits of the SHA-256 of its public key: a new key has
another reference by itself, and paper sealed with the old one goes on being found in the trust list.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pycountry
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cancilleria.services.seals import vds
from cancilleria.services.signing.trust import TrustedSeal

KEY, FORMER = "sello-impreso.json", "sello-impreso-anterior*.json"
SIGNER = "CE"
DIGITS = 8


@dataclass(frozen=True)
class SealingKey:
    """A key that seals, and the days in which it may; `country` has two letters."""

    country: str
    letters: str
    key: ec.EllipticCurvePrivateKey
    since: date
    until: date | None = None

    @property
    def signer(self) -> str:
        return self.country + self.letters

    @property
    def certificate(self) -> str:
        return hashlib.sha256(self.public).hexdigest()[:DIGITS].upper()

    @property
    def public(self) -> bytes:
        """The public key as SubjectPublicKeyInfo."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def trusted(self) -> TrustedSeal:
        """The key's row in the trust list."""
        return TrustedSeal(self.signer + self.certificate, self.public, self.since, self.until)

    def seal(self, kind: tuple[int, int], features: tuple[vds.Feature, ...], *, issued_on: date, at: date) -> bytes:
        """A seal of that kind over the features, signed on the day `at`."""
        header = vds.Header(_three(self.country), self.signer, self.certificate, issued_on, at, *kind)
        return vds.sign(header, features, self.key)


def make_key(today: date) -> bytes:
    """The file of a new key."""
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps({"signer": SIGNER, "since": today.isoformat(), "key": text.decode()}).encode()


@lru_cache(maxsize=4)
def sealing_key(folder: Path, country: str) -> SealingKey:
    """The ministry's present key, held in memory. Only the worker asks for it (DECISIONS 24)."""
    return _load(folder / KEY, country)


def trusted_keys(folder: Path, country: str) -> tuple[TrustedSeal, ...]:
    """The present key and those that were replaced, for the trust list."""
    return tuple(_load(path, country).trusted() for path in (folder / KEY, *sorted(folder.glob(FORMER))))


def replace_key(folder: Path, country: str, today: date) -> tuple[SealingKey, SealingKey]:
    """Put the present key among the former ones and make another: both, the former first. Neither leaves the folder."""
    present = _load(folder / KEY, country)
    told = json.loads((folder / KEY).read_bytes()) | {"until": today.isoformat()}
    _write(folder / FORMER.replace("*", f"-{present.certificate}"), json.dumps(told).encode())
    _write(folder / KEY, make_key(today))
    return present, _load(folder / KEY, country)


def _write(path: Path, data: bytes) -> None:
    staging = path.with_name(path.name + ".nuevo")
    staging.touch(mode=0o600)
    staging.write_bytes(data)
    staging.replace(path)


def _load(path: Path, country: str) -> SealingKey:
    found = json.loads(path.read_bytes())
    key = serialization.load_pem_private_key(found["key"].encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} no lleva una clave de curva elíptica")
    until = date.fromisoformat(found["until"]) if "until" in found else None
    return SealingKey(country, found["signer"], key, date.fromisoformat(found["since"]), until)


def _three(country: str) -> str:
    """The three letters of Doc 9303-3 section 5, which are those of ISO 3166; an invented State keeps its two."""
    found = pycountry.countries.get(alpha_2=country)
    return str(found.alpha_3) if found else country

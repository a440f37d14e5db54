"""The trust list: which logs, witnesses and authorities are ours, signed and dated (DECISIONS 25).

`{"payload": {...}, "signature": base64}`; the signature is Ed25519 over a tag and the payload's canonical bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cancilleria.kernel.register.canonical import encode
from cancilleria.kernel.register.note import Signer, VerifierKey
from cancilleria.services.signing.pki import der

TAG = b"cancilleria/trust/v1\n"


class BadTrustList(ValueError):
    """The trust list cannot be used: damaged, or not signed by the key it names."""


@dataclass(frozen=True)
class TrustedSeal:
    """A key that seals paper: its reference in the seal's header, SubjectPublicKeyInfo, and the days in which it signed."""

    reference: str
    key: bytes
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Revoked:
    """A certificate that signs no more: its SHA-256, and since when. What a time stamp proves to be older stays good."""

    certificate: str
    since: datetime


@dataclass(frozen=True)
class TrustList:
    """What to trust. `quorum` is how many of `witnesses` must have cosigned a head."""

    issued_on: date
    ministry: str
    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]
    quorum: int
    roots: tuple[x509.Certificate, ...]
    demonstration: bool = False
    seals: tuple[TrustedSeal, ...] = ()
    revoked: tuple[Revoked, ...] = ()


def sign(trust: TrustList, signer: Signer) -> bytes:
    """The list as the file published at `/confianza.json`."""
    payload = {
        "v": 1,
        "issued_on": trust.issued_on.isoformat(),
        "ministry": trust.ministry,
        "logs": [str(key) for key in trust.logs],
        "witnesses": [str(key) for key in trust.witnesses],
        "quorum": trust.quorum,
        "roots": [base64.b64encode(der(root)).decode() for root in trust.roots],
        "demonstration": trust.demonstration,
        "seals": [_seal_row(seal) for seal in trust.seals],
        "revoked": [{"certificate": row.certificate, "since": row.since.isoformat()} for row in trust.revoked],
        "key": str(signer.verifier()),
    }
    signature = base64.b64encode(signer.key.sign(TAG + encode(payload))).decode()
    return json.dumps({"payload": payload, "signature": signature}, ensure_ascii=False, indent=1).encode()


def parse(data: bytes) -> TrustList:
    """Raises BadTrustList unless the list is whole and signed by the key it names."""
    try:
        found = json.loads(data)
        payload = found["payload"]
        key = VerifierKey.parse(payload["key"])
        signature = base64.b64decode(found["signature"], validate=True)
        if base64.b64encode(signature).decode() != found["signature"]:
            raise BadTrustList("la firma de la lista de confianza no está escrita como debe")
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, TAG + encode(payload))
        return TrustList(
            date.fromisoformat(payload["issued_on"]),
            str(payload["ministry"]),
            _keys(payload["logs"]),
            _keys(payload["witnesses"]),
            int(payload["quorum"]),
            tuple(x509.load_der_x509_certificate(base64.b64decode(root)) for root in payload["roots"]),
            bool(payload["demonstration"]),
            # Lists signed before paper was sealed have none.
            tuple(_seal(row) for row in payload.get("seals", [])),
            tuple(
                Revoked(str(row["certificate"]), datetime.fromisoformat(row["since"]))
                for row in payload.get("revoked", [])
            ),
        )
    except InvalidSignature as error:
        raise BadTrustList("la lista de confianza cambió después de firmarse") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadTrustList("la lista de confianza está dañada o es de otra versión") from error


def _seal_row(seal: TrustedSeal) -> dict[str, str]:
    row = {
        "reference": seal.reference,
        "key": base64.b64encode(seal.key).decode(),
        "since": seal.since.isoformat(),
    }
    return row | ({"until": seal.until.isoformat()} if seal.until else {})


def _seal(row: Mapping[str, str]) -> TrustedSeal:
    until = date.fromisoformat(row["until"]) if "until" in row else None
    return TrustedSeal(
        str(row["reference"]), base64.b64decode(row["key"], validate=True), date.fromisoformat(row["since"]), until
    )


def _keys(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    return tuple(VerifierKey.parse(text) for text in texts)

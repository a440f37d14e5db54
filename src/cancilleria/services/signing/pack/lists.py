"""The trust list and the revocation lists, as whoever checks a pack reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from cancilleria.services.signing.pack.notes import COSIGNATURE, Key, canonical, key_of, unbase64, verify_signature
from cancilleria.services.signing.pack.refused import Refused, must
from cancilleria.services.signing.pack.times import fingerprint

TAG = b"cancilleria/trust/v1\n"


@dataclass(frozen=True)
class Trust:
    """Whom to believe: logs, witnesses and how many of them, authorities, and certificates that are good no more."""

    ministry: str
    issued_on: str
    logs: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    quorum: int
    roots: tuple[x509.Certificate, ...]
    revoked: Mapping[str, datetime]
    demonstration: bool


def read_trust(data: bytes) -> Trust:
    """Raises Refused unless the list is whole and signed by the key it names."""
    try:
        found = json.loads(data)
        payload = found["payload"]
        key, signature = key_of(payload["key"]), unbase64(found["signature"])
        must(found.keys() == {"payload", "signature"}, "trust")
        must(verify_signature(key, TAG + canonical(payload), signature), "trust")
        witnesses = tuple(key_of(text) for text in payload["witnesses"])
        must(all(key.kind == COSIGNATURE for key in witnesses), "trust")
        return Trust(
            str(payload["ministry"]),
            str(payload["issued_on"]),
            tuple(key_of(text) for text in payload["logs"]),
            witnesses,
            int(payload["quorum"]),
            tuple(x509.load_der_x509_certificate(unbase64(root)) for root in payload["roots"]),
            {row["certificate"]: datetime.fromisoformat(row["since"]) for row in payload.get("revoked", [])},
            bool(payload["demonstration"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("trust") from error


def revoked_by(
    lists: Sequence[bytes], authorities: Sequence[x509.Certificate], certificates: Sequence[x509.Certificate]
) -> dict[str, datetime]:
    """Which of these certificates their authority's list revokes, and since when. Raises Refused for a list of another."""
    found: dict[str, datetime] = {}
    for data in lists:
        try:
            revocations = x509.load_der_x509_crl(data)
        except ValueError as error:
            raise Refused("crl") from error
        issuers = [above for above in authorities if above.subject == revocations.issuer]
        must(any(_signed(revocations, above) for above in issuers), "crl")
        for certificate in certificates:
            row = revocations.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if row is not None and certificate.issuer == revocations.issuer:
                found[fingerprint(certificate)] = row.revocation_date_utc
    return found


def _signed(revocations: x509.CertificateRevocationList, above: x509.Certificate) -> bool:
    # The kind of the key is the authority's own; a list signed with another kind is one it did not sign.
    return revocations.is_signature_valid(above.public_key())  # type: ignore[arg-type]

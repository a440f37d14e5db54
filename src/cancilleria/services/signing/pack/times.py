"""Whether certificates were good when it counted: at the first time a later stamp proves, else now (ETSI EN 319 102-1)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from cancilleria.services.signing.pack.cms import Signed
from cancilleria.services.signing.pack.refused import must


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal: how a trust list names it."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def check_times(signed: Sequence[Signed], revoked: Mapping[str, datetime], now: datetime) -> datetime | None:
    """When the signer's certificate was revoked, if it was, after a stamp. Raises Refused when it does not hold.

    `revoked` maps fingerprints of certificates to the instant from which they are not good.
    """
    stamps = [found.stamped_at for found in signed[1:]]
    must(all(a <= b for a, b in itertools.pairwise(stamps) if a and b), "order")
    for found, proved in zip(signed, [*stamps, now], strict=True):
        at = proved or now
        must(found.certificate.not_valid_before_utc <= at <= found.certificate.not_valid_after_utc, "expired")
        for certificate in found.bag:
            since = revoked.get(fingerprint(certificate))
            must(since is None or at < since, "revoked")
    return revoked.get(fingerprint(signed[0].certificate))

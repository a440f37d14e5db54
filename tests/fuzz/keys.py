"""Whom the kept specimens are signed by: their trust list, and nothing secret. `tests.fuzz.seeds` writes both anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cancilleria.kernel.register.merkle import leaf_hash
from cancilleria.services.seals.tests.specimens import UTTS5B
from cancilleria.services.signing.trust import TrustedSeal, TrustList, parse

TRUST_FILE = Path(__file__).parent / "trust.json"
LEAF_HASH = leaf_hash(b"")


def trust_list() -> TrustList:
    """The list that goes with the specimens."""
    return parse(TRUST_FILE.read_bytes())


def seals() -> tuple[TrustedSeal, ...]:
    """The key of the published seals."""
    key = UTTS5B.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return (TrustedSeal("UTTS5B", key, date(2000, 1, 1)),)

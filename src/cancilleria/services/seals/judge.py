"""Says whether a seal read from paper is of a key in the trust list: no network, no database, no Django.

The same four results as a signed file has (DECISIONS 25). A valid seal proves that the ministry sealed these data;
whether the paper shows the same data is for the reader's eye, and whether the act was annulled, for the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cancilleria.services.seals import layouts, vds
from cancilleria.services.seals.errors import ParseError
from cancilleria.services.signing.evidence import EXIT, ISSUER_UNKNOWN, NOT_VALID, UNREADABLE, VALID
from cancilleria.services.signing.trust import TrustedSeal, TrustList


@dataclass(frozen=True)
class Judgement:
    """`result` is one of the four; `reason` says in words what does not hold; `fields` are what the seal says."""

    result: str
    reason: str = ""
    header: vds.Header | None = None
    kind: layouts.Layout | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return EXIT[self.result]


def judge(data: bytes, trust: TrustList) -> Judgement:
    """The judgement of one seal. Raises nothing."""
    try:
        seal = vds.decode(data)
        fields = layouts.read(seal)
    except ParseError as error:
        return Judgement(UNREADABLE, str(error))
    result, reason = _signature(seal, trust.seals)
    return Judgement(result, reason, seal.header, layouts.layout_of(seal), fields)


def judge_codes(codes: Iterable[bytes], trust: TrustList) -> Judgement:
    """The judgement of the first seal among the codes of a page."""
    found = [data for data in codes if data[:1] == bytes((vds.MAGIC,))]
    if not found:
        return Judgement(
            UNREADABLE, "no se encontró ningún sello digital en la imagen: acérquela, enfoque y evite sombras"
        )
    return judge(found[0], trust)


def _signature(seal: vds.Seal, trusted: Iterable[TrustedSeal]) -> tuple[str, str]:
    header = seal.header
    row = next((found for found in trusted if found.reference == header.reference), None)
    if row is None:
        return ISSUER_UNKNOWN, f"la clave {header.reference} no está en la lista de confianza"
    key = _key(row.key)
    if key is None:
        return ISSUER_UNKNOWN, f"la curva de la clave {header.reference} no se puede comprobar aquí"
    if not vds.verify(seal, key):
        return NOT_VALID, "la firma no corresponde a estos datos"
    if header.signed_on < row.since or (row.until is not None and header.signed_on > row.until):
        return NOT_VALID, f"la clave {header.reference} no firmaba el {header.signed_on.isoformat()}"
    return VALID, ""


def _key(data: bytes) -> ec.EllipticCurvePublicKey | None:
    try:
        found = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, ec.EllipticCurvePublicKey) else None

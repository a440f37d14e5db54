"""Revoked certificates: the authority's list (RFC 5280), published as a file, and what of it the trust list tells.

A revocation is not an annulment. The act stays as it is in the register, and whatever a time stamp proves to be older than
the revocation stays good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cancilleria.services.signing import pki
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.trust import Revoked

LIST = "autoridad.crl"


class CannotRevoke(ValueError):
    """The certificate is not this authority's, or is revoked already. The message says which."""


@dataclass(frozen=True)
class Revocations:
    """The list of the ministry's own authority, a file in `folder` that anybody may read."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / LIST

    def read(self) -> x509.CertificateRevocationList | None:
        return x509.load_der_x509_crl(self.path.read_bytes()) if self.path.exists() else None

    def files(self) -> list[bytes]:
        """The lists as they go into an evidence pack."""
        return [self.path.read_bytes()] if self.path.exists() else []

    def of(self, certificates: Sequence[x509.Certificate]) -> tuple[Revoked, ...]:
        """Which of these are revoked, and since when."""
        found = self.read()
        if found is None:
            return ()
        rows = [(c, found.get_revoked_certificate_by_serial_number(c.serial_number)) for c in certificates]
        return tuple(
            Revoked(fingerprint(certificate), row.revocation_date_utc)
            for certificate, row in rows
            if row is not None and certificate.issuer == found.issuer
        )

    def publish(self, authority: pki.Identity, *, at: datetime) -> None:
        """Sign the list again, with the same rows: it is good for a year."""
        self._write(authority, _rows(self.read()), at)

    def revoke(self, authority: pki.Identity, certificate: x509.Certificate, *, since: datetime, at: datetime) -> None:
        """Add a certificate. Raises CannotRevoke for another authority's, and for one that is on the list."""
        if certificate.issuer != authority.certificate.subject:
            raise CannotRevoke("Ese certificado no lo emitió esta autoridad: pida su revocación a quien lo emitió.")
        if self.of([certificate]):
            raise CannotRevoke("Ese certificado ya está revocado.")
        if since > at:
            raise CannotRevoke("La revocación no puede empezar en el futuro.")
        self._write(authority, [*_rows(self.read()), (certificate.serial_number, since)], at)

    def _write(self, authority: pki.Identity, rows: Sequence[tuple[int, datetime]], at: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        staging = self.path.with_suffix(".nuevo")
        staging.write_bytes(pki.sign_crl(authority, rows, at=at).public_bytes(Encoding.DER))
        staging.replace(self.path)


def _rows(found: x509.CertificateRevocationList | None) -> list[tuple[int, datetime]]:
    return [(row.serial_number, row.revocation_date_utc) for row in found] if found is not None else []

"""A public key infrastructure for demonstrations and tests (RFC 5280). Every certificate says DEMOSTRACIÓN in its subject.

Two authorities: the ministry's, for its signer and its time-stamp server, and that of the entities whose documents are
presented. RSA of 3072 bits, because an RSA signature always has the same size and /Contents is reserved to the byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LABEL = "DEMOSTRACIÓN"
BITS = 3072
UPPER_BOUND = 64  # of a common name and of an organisation (RFC 5280, appendix A.1)
YEARS = 10


@dataclass(frozen=True)
class Identity:
    """A certificate with its key and the certificates above it, the root last."""

    certificate: x509.Certificate
    key: RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over the message."""
        return self.key.sign(message, PKCS1v15(), hashes.SHA256())

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate


def make_authority(name: str, *, country: str, at: datetime, above: Identity | None = None) -> Identity:
    """A certificate authority; a root when there is none above."""
    key = generate_private_key(65537, BITS)
    subject = _subject(name, LABEL, "", country)
    builder = _builder(subject, key, above, at).add_extension(x509.BasicConstraints(True, 0 if above else 1), True)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return _issue(builder.add_extension(usage, True), key, above)


def certify(public: RSAPublicKey, like: x509.Certificate, above: Identity, *, at: datetime) -> x509.Certificate:
    """A certificate for a key that is elsewhere, with the subject of another one. For demonstrations."""
    builder = _named(like.subject, public, above, at, 365 * YEARS).add_extension(
        x509.BasicConstraints(False, None), True
    )
    usage = _usage(digital_signature=True, content_commitment=True)
    return builder.add_extension(usage, True).sign(above.key, hashes.SHA256())


def make_signer(
    name: str, *, organisation: str, title: str, country: str, above: Identity, at: datetime, time_stamping: bool = False,
    days: int = 365 * YEARS,
) -> Identity:  # fmt: skip
    """A certificate that signs documents, or time stamps only."""
    key = generate_private_key(65537, BITS)
    subject = _subject(name, f"{organisation} ({LABEL})", title, country)
    builder = _builder(subject, key, above, at, days).add_extension(x509.BasicConstraints(False, None), True)
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=not time_stamping), True)
    if time_stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return _issue(builder, key, above)


def make_crl(
    authority: Identity, revoked: Sequence[x509.Certificate], *, at: datetime
) -> x509.CertificateRevocationList:
    """The authority's list of these certificates, all revoked at that instant."""
    return sign_crl(authority, [(certificate.serial_number, at) for certificate in revoked], at=at)


def sign_crl(
    authority: Identity, rows: Sequence[tuple[int, datetime]], *, at: datetime
) -> x509.CertificateRevocationList:
    """The authority's list of serial numbers with the instants from which they are not good; it holds for a year."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(at).next_update(at + timedelta(days=365))
    for serial, since in rows:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(issuer, False).add_extension(x509.CRLNumber(int(at.timestamp())), False)
    return builder.sign(authority.key, hashes.SHA256())


def save(identity: Identity, folder: Path, name: str) -> Path:
    """Write `<name>.pem`, mode 600: key, certificate and chain."""
    path = folder / f"{name}.pem"
    key = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(key + b"".join(pem(c) for c in (identity.certificate, *identity.chain)))
    return path


def load(path: Path) -> Identity:
    """Read what `save` wrote. Raises ValueError when the key is not RSA."""
    data = path.read_bytes()
    key = serialization.load_pem_private_key(data, None)
    certificates = x509.load_pem_x509_certificates(data)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{path.name} no lleva una clave RSA")
    return Identity(certificates[0], key, tuple(certificates[1:]))


def certificates_in(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a file, with or without a key: the signer's own first."""
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def now() -> datetime:
    return datetime.now(UTC)


def _subject(name: str, organisation: str, title: str, country: str) -> x509.Name:
    given = [
        (NameOID.COUNTRY_NAME, country),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.TITLE, title),
        (NameOID.COMMON_NAME, name),
    ]
    return x509.Name([x509.NameAttribute(oid, value[:UPPER_BOUND]) for oid, value in given if value])


def _builder(
    subject: x509.Name, key: RSAPrivateKey, above: Identity | None, at: datetime, days: int = 365 * YEARS
) -> x509.CertificateBuilder:
    return _named(subject, key.public_key(), above, at, days)


def _named(
    subject: x509.Name, public: RSAPublicKey, above: Identity | None, at: datetime, days: int
) -> x509.CertificateBuilder:
    issuer_key = above.key.public_key() if above else public
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False)
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


def _issue(builder: x509.CertificateBuilder, key: RSAPrivateKey, above: Identity | None) -> Identity:
    certificate = builder.sign(above.key if above else key, hashes.SHA256())
    chain = (above.certificate, *above.chain) if above else ()
    return Identity(certificate, key, chain)

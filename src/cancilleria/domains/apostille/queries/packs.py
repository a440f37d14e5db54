"""The evidence pack of a certificate: its newest signed file with the newest proof of its act."""

from __future__ import annotations

from django.conf import settings

from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.domains.apostille.queries.certificates import downloadable
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.register.queries import receipt_for
from cancilleria.services.signing.pack.make import make_pack
from cancilleria.services.signing.revocation import Revocations


def evidence_pack(certificate: Apostille | Legalisation) -> bytes | None:
    """A zip that anybody checks without us; None while the certificate is not signed yet."""
    version = downloadable(certificate)
    if version is None:
        return None
    trust = (settings.HOME / "confianza.json").read_bytes()
    lists = Revocations(settings.HOME / "pki").files()
    return make_pack(content(version), trust, lists=lists, proof=receipt_for(certificate.entry_id))

"""What is recorded of documents the ministry signs: open, because anybody who holds one checks it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Signed(Facts):
    """Size in bytes of the signed file; its digest stands in the public part."""

    size: int


class Certificate(Facts):
    """SHA-256 of a certificate or public key, in hexadecimal."""

    certificate: str


class Replaced(Facts):
    """Which key (log, signer or seal), and what names the former and the new one."""

    what: str
    former: str
    now: str


DOCUMENT_SIGNED = Verb("document.signed", _("Firmó el documento"), owner="signing", facts=Signed, open=True)
DOCUMENT_STAMPED = Verb(
    "document.stamped", _("Añadió un sello de tiempo al documento"), owner="signing", facts=Signed, open=True
)

DOCUMENT_RENEWED = Verb(
    "document.renewed", _("Renovó el sello de tiempo del documento"), owner="signing", facts=Signed, open=True
)
CERTIFICATE_REVOKED = Verb(
    "certificate.revoked", _("Revocó el certificado {certificate}"), owner="signing", facts=Certificate
)
KEY_REPLACED = Verb(
    "key.replaced", _("Cambió una clave del Ministerio ({what}): {now}"), owner="signing", facts=Replaced
)

VERBS = (DOCUMENT_SIGNED, DOCUMENT_STAMPED, DOCUMENT_RENEWED, CERTIFICATE_REVOKED, KEY_REPLACED)

"""What is recorded of documents the ministry signs: open, because anybody who holds one checks it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Signed(Facts):
    """Size in bytes of the signed file; its digest stands in the public part."""

    size: int


DOCUMENT_SIGNED = Verb("document.signed", _("Firmó el documento"), owner="signing", facts=Signed, open=True)
DOCUMENT_STAMPED = Verb(
    "document.stamped", _("Añadió un sello de tiempo al documento"), owner="signing", facts=Signed, open=True
)

VERBS = (DOCUMENT_SIGNED, DOCUMENT_STAMPED)

"""What is recorded of apostilles: open, because the Convention wants a public register (article 7)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb

BOOK = "apostille"


class Certificate(Facts):
    """The ten fields of the model annexed to the Convention; field 8 is series, year and number of the entry."""

    country: str
    signed_by: str
    capacity: str
    seal_of: str
    at: str
    on: str
    by: str
    series: str
    seal: str
    signature: str


class Issued(Facts):
    """State of destination and kind of document."""

    destination: str
    kind: str


class Reason(Facts):
    """Why, as anybody who verifies may read it."""

    reason: str


class AuthorityFacts(Facts):
    """Key of the authority."""

    authority: str


class Loaded(Facts):
    """How many parties, and the digest of their table."""

    rows: int
    digest: str


APOSTILLE_ISSUED = Verb(
    "apostille.issued", _("Emitió la apostilla número {number} de {year}"), owner="apostille", facts=Issued,
    public=Certificate, book=BOOK, open=True,
)  # fmt: skip
APOSTILLE_CORRECTED = Verb(
    "apostille.corrected", _("Corrigió una apostilla anterior con la número {number} de {year}"), owner="apostille",
    facts=Issued, public=Certificate, book=BOOK, open=True,
)  # fmt: skip
APOSTILLE_ANNULLED = Verb(
    "apostille.annulled", _("Anuló la apostilla: {reason}"), owner="apostille", public=Reason, open=True
)
AUTHORITY_REGISTERED = Verb(
    "authority.registered", _("Registró la firma de una autoridad"), owner="apostille", facts=AuthorityFacts
)
PARTIES_LOADED = Verb(
    "parties.loaded", _("Puso al día los países parte del Convenio: {rows}"), owner="apostille", facts=Loaded
)

VERBS = (APOSTILLE_ISSUED, APOSTILLE_CORRECTED, APOSTILLE_ANNULLED, AUTHORITY_REGISTERED, PARTIES_LOADED)

"""The registers behind a certificate: specimens, earlier certifiers, parties. Whose signature it is stays private."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class AuthorityFacts(Facts):
    """Key of the authority."""

    authority: str


class SpecimenFacts(Facts):
    """Key of the row, its kind, and the State for which they sign."""

    specimen: str
    kind: str
    state: str = ""


class Asked(Facts):
    """The procedure whose case waits."""

    procedure: str


class Loaded(Facts):
    """How many rows, and the digest of their table."""

    rows: int
    digest: str


# Of before the register of specimens: its entries stay.
AUTHORITY_REGISTERED = Verb(
    "authority.registered", _("Registró la firma de una autoridad"), owner="apostille", facts=AuthorityFacts
)
SPECIMEN_REGISTERED = Verb(
    "specimen.registered", _("Registró una firma y su sello"), owner="apostille", facts=SpecimenFacts
)
SPECIMEN_CORRECTED = Verb(
    "specimen.corrected", _("Corrigió una firma registrada"), owner="apostille", facts=SpecimenFacts
)
SPECIMEN_CLOSED = Verb(
    "specimen.closed", _("Cerró una firma registrada: dejó el cargo"), owner="apostille", facts=SpecimenFacts
)
SPECIMEN_ASKED = Verb("specimen.asked", _("Pidió a la entidad una firma que no consta"), owner="apostille", facts=Asked)
CERTIFIERS_LOADED = Verb(
    "certifiers.loaded", _("Puso al día quién certifica antes cada documento: {rows}"), owner="apostille", facts=Loaded
)
PARTIES_LOADED = Verb(
    "parties.loaded", _("Puso al día los países parte del Convenio: {rows}"), owner="apostille", facts=Loaded
)

VERBS = (
    AUTHORITY_REGISTERED, SPECIMEN_REGISTERED, SPECIMEN_CORRECTED, SPECIMEN_CLOSED, SPECIMEN_ASKED,
    CERTIFIERS_LOADED, PARTIES_LOADED,
)  # fmt: skip

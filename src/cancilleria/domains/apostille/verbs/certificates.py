"""Certificates: open, because the Convention wants a public register (article 7); legalisations alike, so that whoever is
shown one can check it.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb

BOOK, LEGALISATIONS = "apostille", "legalisation"


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


class LegalisationFields(Certificate):
    """The same fields, the way it goes, and the State where the document is used or comes from."""

    direction: str
    state: str


class Compared(Facts):
    """What the officer compared with the specimen on paper: nothing by key, where a machine compared."""

    signature_compared: bool | None = None
    capacity_compared: bool | None = None
    seal_compared: bool | None = None
    certifications: int | None = None


class Issued(Compared):
    """State of destination, kind of document, and whether it came as a file or on paper."""

    destination: str
    kind: str
    route: str | None = None


class Legalised(Compared):
    """Which way, the State where the document is used or comes from, and its kind."""

    direction: str
    state: str
    kind: str


class Reason(Facts):
    """Why, as anybody who verifies may read it."""

    reason: str


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
LEGALISATION_ISSUED = Verb(
    "legalisation.issued", _("Emitió la legalización número {number} de {year}"), owner="apostille", facts=Legalised,
    public=LegalisationFields, book=LEGALISATIONS, open=True,
)  # fmt: skip
LEGALISATION_CORRECTED = Verb(
    "legalisation.corrected", _("Corrigió una legalización anterior con la número {number} de {year}"), owner="apostille",
    facts=Legalised, public=LegalisationFields, book=LEGALISATIONS, open=True,
)  # fmt: skip
LEGALISATION_ANNULLED = Verb(
    "legalisation.annulled", _("Anuló la legalización: {reason}"), owner="apostille", public=Reason, open=True
)

VERBS = (
    APOSTILLE_ISSUED, APOSTILLE_CORRECTED, APOSTILLE_ANNULLED, LEGALISATION_ISSUED, LEGALISATION_CORRECTED,
    LEGALISATION_ANNULLED,
)  # fmt: skip

"""What is recorded of certificates, of the registers they lean on, and of blank forms."""

from cancilleria.domains.apostille.verbs import batches, certificates, forms, registers
from cancilleria.domains.apostille.verbs.batches import (
    BATCH_CLOSED,
    BATCH_RECEIVED,
    BATCH_REFUSED,
    SIGNING_FINISHED,
    SIGNING_ORDERED,
    Ordered,
    Refused,
    Sent,
    Tally,
)
from cancilleria.domains.apostille.verbs.certificates import (
    APOSTILLE_ANNULLED,
    APOSTILLE_CORRECTED,
    APOSTILLE_ISSUED,
    BOOK,
    LEGALISATION_ANNULLED,
    LEGALISATION_CORRECTED,
    LEGALISATION_ISSUED,
    LEGALISATIONS,
    Certificate,
    Compared,
    Issued,
    LegalisationFields,
    Legalised,
    Reason,
)
from cancilleria.domains.apostille.verbs.forms import (
    FORM_RECEIVED,
    FORM_RETURNED,
    FORM_SPOILED,
    FORM_USED,
    Serial,
    Stock,
)
from cancilleria.domains.apostille.verbs.registers import (
    CERTIFIERS_LOADED,
    PARTIES_LOADED,
    SPECIMEN_ASKED,
    SPECIMEN_CLOSED,
    SPECIMEN_CORRECTED,
    SPECIMEN_REGISTERED,
    Asked,
    Loaded,
    SpecimenFacts,
)

VERBS = (*certificates.VERBS, *registers.VERBS, *forms.VERBS, *batches.VERBS)

__all__ = [
    "APOSTILLE_ANNULLED", "APOSTILLE_CORRECTED", "APOSTILLE_ISSUED", "BATCH_CLOSED", "BATCH_RECEIVED", "BATCH_REFUSED", "BOOK", "CERTIFIERS_LOADED", "FORM_RECEIVED",
    "FORM_RETURNED", "FORM_SPOILED", "FORM_USED", "LEGALISATIONS", "LEGALISATION_ANNULLED", "LEGALISATION_CORRECTED",
    "LEGALISATION_ISSUED", "PARTIES_LOADED", "SIGNING_FINISHED", "SIGNING_ORDERED", "SPECIMEN_ASKED", "SPECIMEN_CLOSED",
    "SPECIMEN_CORRECTED", "SPECIMEN_REGISTERED", "VERBS", "Asked", "Certificate", "Compared", "Issued",
    "LegalisationFields", "Legalised", "Loaded", "Ordered", "Reason", "Refused", "Sent", "Serial",
    "SpecimenFacts", "Stock", "Tally",
]  # fmt: skip

"""Reads of certificates and of the registers they lean on. Verification by number, date and code is public."""

from cancilleria.domains.apostille.queries.batches import (
    Ready,
    Tally,
    batches,
    entities,
    order_for,
    order_of,
    ready,
    tally_of,
    waiting,
)
from cancilleria.domains.apostille.queries.certificates import (
    FIELDS,
    NOBODY,
    apostille_for,
    apostilles_of,
    certificate_for,
    certificates_of,
    downloadable,
    fields_of,
    is_legalisation,
    is_withheld,
    issued_on,
    number_of,
    purpose_of,
    verification_code,
)
from cancilleria.domains.apostille.queries.forms import blank_forms, form_of, forms_of, stock_of
from cancilleria.domains.apostille.queries.packs import evidence_pack
from cancilleria.domains.apostille.queries.specimens import (
    authority_for,
    candidates,
    certifiers_of,
    current,
    eligible,
    image_of,
    matches,
    membership,
    parts_of,
    search,
    specimen,
    tenure_for,
    tenure_of,
    waiting_for,
)
from cancilleria.domains.apostille.queries.verification import (
    Verified,
    find_imported,
    find_legalisation,
    verify,
    verify_file,
)

__all__ = [
    "FIELDS", "NOBODY", "Ready", "Tally", "Verified", "apostille_for", "apostilles_of", "authority_for", "batches", "blank_forms", "candidates",
    "certificate_for", "certificates_of", "certifiers_of", "current", "downloadable", "eligible", "entities", "evidence_pack", "fields_of", "find_imported", "find_legalisation",
    "form_of", "forms_of", "image_of", "is_legalisation", "is_withheld", "issued_on", "matches", "membership", "number_of", "order_for",
    "order_of", "parts_of",
    "purpose_of", "ready", "search", "specimen", "stock_of", "tally_of", "tenure_for", "tenure_of", "verification_code", "verify",
    "verify_file", "waiting", "waiting_for",
]  # fmt: skip

"""The only writers of certificates, of the registers they lean on, of blank forms, and of what comes in bulk."""

from cancilleria.domains.apostille.actions.batches import (
    ReadFile,
    close_batch,
    open_batch,
    refuse_document,
    take_document,
)
from cancilleria.domains.apostille.actions.bulk import issue_next, order_issuing
from cancilleria.domains.apostille.actions.certificates import (
    ON_PAPER,
    FormMissing,
    NotCompared,
    ReasonMissing,
    annul_apostille,
    annul_legalisation,
    correct_apostille,
    correct_legalisation,
    issue_apostille,
    issue_on_paper,
    refuse_apostille,
)
from cancilleria.domains.apostille.actions.forms import (
    MOST,
    FormReasonMissing,
    FormTaken,
    receive_forms,
    return_forms,
    spoil_form,
    use_form,
)
from cancilleria.domains.apostille.actions.registers import load_certifiers, load_parties
from cancilleria.domains.apostille.actions.signing import SIGN_TASK, STAMP_TASK, TITLES, keep_signed, keep_stamped
from cancilleria.domains.apostille.actions.specimens import (
    AlreadyWithdrawn,
    ask_specimen,
    close_specimen,
    correct_specimen,
    register_specimen,
)

__all__ = [
    "MOST", "ON_PAPER", "SIGN_TASK", "STAMP_TASK", "TITLES", "AlreadyWithdrawn", "FormMissing", "FormReasonMissing", "FormTaken",
    "NotCompared", "ReadFile", "ReasonMissing", "annul_apostille", "annul_legalisation", "ask_specimen", "close_batch",
    "close_specimen", "correct_apostille", "correct_legalisation", "correct_specimen", "issue_apostille",
    "issue_next", "issue_on_paper", "keep_signed", "keep_stamped", "load_certifiers", "load_parties", "open_batch",
    "order_issuing", "receive_forms", "refuse_apostille", "refuse_document", "register_specimen", "return_forms", "spoil_form",
    "take_document", "use_form",
]  # fmt: skip

"""The only writers of certificates, of the registers they lean on, and of blank forms."""

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
    "NotCompared", "ReasonMissing", "annul_apostille", "annul_legalisation", "ask_specimen", "close_specimen",
    "correct_apostille", "correct_legalisation", "correct_specimen", "issue_apostille", "issue_on_paper", "keep_signed",
    "keep_stamped", "load_certifiers", "load_parties", "receive_forms", "refuse_apostille", "register_specimen",
    "return_forms", "spoil_form", "use_form",
]  # fmt: skip

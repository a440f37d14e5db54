"""The only writers of certificates, of the registers they lean on, and of blank forms."""

from cancilleria.domains.apostille.actions.annulments import annul_apostille, annul_legalisation, propose_annulment
from cancilleria.domains.apostille.actions.batches import close_batch, open_batch, refuse_item, submit_item
from cancilleria.domains.apostille.actions.bulk import (
    BULK_TASK,
    MOST_TOGETHER,
    finish_signing,
    order_signing,
    sign_item,
)
from cancilleria.domains.apostille.actions.certificates import (
    ON_PAPER,
    FormMissing,
    NotCompared,
    ReasonMissing,
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
from cancilleria.domains.apostille.actions.signing import (
    RENEW_TASK,
    SIGN_TASK,
    STAMP_TASK,
    TITLES,
    keep_renewed,
    keep_signed,
    keep_stamped,
)
from cancilleria.domains.apostille.actions.specimens import (
    AlreadyWithdrawn,
    ask_specimen,
    close_specimen,
    correct_specimen,
    register_specimen,
)

__all__ = [
    "BULK_TASK", "MOST", "MOST_TOGETHER", "ON_PAPER", "RENEW_TASK", "SIGN_TASK", "STAMP_TASK", "TITLES", "AlreadyWithdrawn",
    "FormMissing", "FormReasonMissing", "FormTaken", "NotCompared", "ReasonMissing", "annul_apostille",
    "annul_legalisation", "ask_specimen", "close_batch", "close_specimen", "correct_apostille",
    "correct_legalisation", "correct_specimen", "finish_signing", "issue_apostille", "issue_on_paper",
    "keep_renewed", "keep_signed", "keep_stamped", "load_certifiers", "load_parties", "open_batch", "order_signing",
    "propose_annulment", "receive_forms", "refuse_apostille", "refuse_item", "register_specimen", "return_forms",
    "sign_item", "spoil_form", "submit_item", "use_form",
]  # fmt: skip

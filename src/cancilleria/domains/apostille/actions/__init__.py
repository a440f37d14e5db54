"""The only writers of apostilles and of the registers they lean on."""

from cancilleria.domains.apostille.actions.certificates import (
    SIGN_TASK,
    STAMP_TASK,
    ReasonMissing,
    annul_apostille,
    correct_apostille,
    issue_apostille,
    keep_signed,
    keep_stamped,
    propose_annulment,
    refuse_apostille,
)
from cancilleria.domains.apostille.actions.registers import load_parties, register_authority

__all__ = [
    "SIGN_TASK", "STAMP_TASK", "ReasonMissing", "annul_apostille", "correct_apostille", "issue_apostille", "keep_signed",
    "keep_stamped", "load_parties", "propose_annulment", "refuse_apostille", "register_authority",
]  # fmt: skip

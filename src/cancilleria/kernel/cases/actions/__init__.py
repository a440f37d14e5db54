"""The only writers of cases. Each acts once, in one transaction, and records an entry."""

from cancilleria.kernel.cases.actions.clocks import expire_case
from cancilleria.kernel.cases.actions.decision import (
    admit_case,
    appeal_case,
    decide_case,
    notify_case,
    settle_case,
    withdraw_case,
)
from cancilleria.kernel.cases.actions.delivery import deliver_case, destroy_unclaimed, make_ready
from cancilleria.kernel.cases.actions.pauses import (
    File,
    TooLong,
    correct_case,
    extend_case,
    observe_case,
    pause_case,
    recount_terms,
    resume_case,
)
from cancilleria.kernel.cases.actions.payment import await_fee, settle_fee
from cancilleria.kernel.cases.actions.routing import NotThere, assign_case, note_case, route_case
from cancilleria.kernel.cases.actions.submission import NotAcceptable, OtherBody, Submitted, submit_case
from cancilleria.kernel.cases.actions.versions import load_procedures

__all__ = [
    "File", "NotAcceptable", "NotThere", "OtherBody", "Submitted", "TooLong", "admit_case", "appeal_case", "assign_case", "await_fee",
    "correct_case", "decide_case", "deliver_case", "destroy_unclaimed", "expire_case", "extend_case", "load_procedures",
    "make_ready", "note_case", "notify_case", "observe_case", "pause_case", "recount_terms", "resume_case", "route_case",
    "settle_case", "settle_fee", "submit_case", "withdraw_case",
]  # fmt: skip

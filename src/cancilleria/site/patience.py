"""How often a task that failed is tried again: at once while the log places an entry, for a day while a disk is full."""

from __future__ import annotations

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

QUICK_TRIES, QUICK_SECONDS = 20, 1
# Each wait is longer than the one before, up to five minutes; whoever repairs in the meantime repeats nothing by hand.
STEP_SECONDS, LONGEST_SECONDS, TRIES = 10, 300, 330


class Patience(BaseRetryStrategy):
    """Gives up after some twenty-four hours: by then the log of the service has said why many times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= TRIES:
            return None
        late = job.attempts - QUICK_TRIES
        wait = QUICK_SECONDS if late < 0 else min(STEP_SECONDS * (late + 1), LONGEST_SECONDS)
        return RetryDecision(retry_in={"seconds": wait})

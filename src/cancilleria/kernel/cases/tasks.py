"""What follows the acts of cases, done by the worker."""

from __future__ import annotations

from cancilleria.kernel.cases.actions.erasure import LIST_TASK
from cancilleria.kernel.cases.doors import erasure_list


def list_erasure(subject: str, cause: str, files: str) -> None:
    """See to it that an erasure stands in the list. `files`: digests with spaces between them."""
    erasure_list().add(subject, cause, files.split())


TASKS = {LIST_TASK: list_erasure}

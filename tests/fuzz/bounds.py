"""The bounds of one input: a second of the processor, and fifty megabytes more than was ever used before."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

SECONDS, MEGABYTES = 1.0, 50


class TooMuch(AssertionError):
    """The input cost more than an input may."""


def bounded(function: Callable[[bytes], None], megabytes: int = MEGABYTES) -> Callable[[bytes], None]:
    """The same function; raises TooMuch after an input that took more. Processor time, so that a loaded machine judges alike."""

    def judged(data: bytes) -> None:
        before, began = _peak(), time.process_time()
        function(data)
        took, more = time.process_time() - began, _peak() - before
        if took > SECONDS:
            raise TooMuch(f"{took:.2f} s")
        if more > megabytes * 1024:
            raise TooMuch(f"{more // 1024} MB")

    return judged


def _peak() -> int:
    """Kibibytes of memory at the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

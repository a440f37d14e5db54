"""The list of erasures: one line for each, in a file of its own that no base copy holds (DECISIONS 9). A restore to an
earlier instant brings back the newest list.

A line holds a random key, a code and a moment: nothing of the person. After a restore `cancilleria erasures replay` does again
what the backup no longer knows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from cancilleria.kernel.cases.actions.erasure import erase_again
from cancilleria.kernel.organs.authority import SYSTEM

NAME = "supresiones.jsonl"


@dataclass(frozen=True)
class ErasureFile:
    """The kernel's door `erasure_list`, as a file of the installation's folder."""

    path: Path

    def add(self, subject: str, cause: str) -> None:
        line = json.dumps({"subject": subject, "cause": cause, "at": timezone.now().isoformat(timespec="seconds")})
        with self.path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> Iterator[tuple[str, str]]:
        """Subject and cause, oldest first. A last line cut short by a power failure is passed over."""
        text = self.path.read_text(encoding="ascii") if self.path.exists() else ""
        for line in text.splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            yield str(found["subject"]), str(found["cause"])


@dataclass(frozen=True)
class Replayed:
    """How many lines the list has, how many were done again, and how many were done already or unknown here."""

    lines: int
    again: int


def replay(found: ErasureFile) -> Replayed:
    """Bring a restored database to the list. May run any number of times."""
    lines = again = 0
    for subject, cause in found.lines():
        lines += 1
        again += erase_again(actor=SYSTEM, subject=subject, cause=cause) is not None
    return Replayed(lines, again)

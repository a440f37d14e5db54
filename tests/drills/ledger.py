"""The drill's own memory of what was acknowledged: outside the installation, on disk before anybody goes on."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from pathlib import Path


class Ledger:
    """Appends one JSON line for each acknowledgement and returns only after fsync."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def write(self, **line: str) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


def compare(acknowledged: list[str], recorded: list[tuple[str, int]]) -> dict[str, list[str]]:
    """What went wrong between acknowledged case numbers and recorded `(number, correlative)` rows.

    `lost` were acknowledged and are not recorded; `duplicated` were acknowledged or recorded twice;
    `missing` are correlatives absent between 1 and the highest.
    """
    numbers = [number for number, _ in recorded]
    correlatives = {correlative for _, correlative in recorded}
    twice = [n for n, times in (Counter(acknowledged) + Counter(numbers)).items() if times > 2]
    twice += [n for n, times in Counter(numbers).items() if times > 1]
    expected = range(1, max(correlatives, default=0) + 1)
    return {
        "lost": sorted(set(acknowledged) - set(numbers)),
        "duplicated": sorted(set(twice)),
        "missing": [str(n) for n in expected if n not in correlatives],
    }

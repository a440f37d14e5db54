"""The authorization matrix: every address x method x whoever asks, and what each must be answered.

`matrix.csv` is the reviewed table; `test_matrix.py` asks every address and compares. After adding an address, name what its
parameters stand for in `world.py`, run `python -m tests.house.matrix --write`, read the difference it prints, and commit it.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("matrix.csv")
WRITE = "MATRIX_WRITE"
# Who asks, in the order of the table's columns.
STRANGER, HOLDER, OTHER_HOLDER = "stranger", "holder", "other_holder"
NO_FACTOR, POWERLESS, WITHOUT, WITH = "no_second_factor", "powerless", "without_power", "with_power"
ELSEWHERE, EVERYWHERE, RELIEVED = "elsewhere", "everywhere", "relieved"
OFFICERS = (NO_FACTOR, POWERLESS, WITHOUT, WITH, ELSEWHERE, EVERYWHERE, RELIEVED)
ROLES = (STRANGER, HOLDER, OTHER_HOLDER, *OFFICERS)
COLUMNS = ("address", "method", "power", *ROLES)
METHODS = ("GET", "POST", "other")
Key = tuple[str, str]
Table = dict[Key, dict[str, str]]


def read() -> Table:
    """The reviewed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("address"), row.pop("method")): row for row in csv.DictReader(file)}


def text_of(table: Table) -> str:
    """As CSV, in the order of the names: two people who add addresses rarely meet on a line."""
    out = io.StringIO()
    lines = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    lines.writeheader()
    for name, method in sorted(table, key=lambda key: (key[0], METHODS.index(key[1]))):
        lines.writerow({"address": name, "method": method, **table[name, method]})
    return out.getvalue()


def difference(table: Table) -> str:
    """The lines in which the observed table differs from the reviewed one."""
    old = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    lines = difflib.unified_diff(
        old.splitlines(), text_of(table).splitlines(), "reviewed", "observed", lineterm="", n=0
    )
    return "\n".join(lines)


def main() -> int:
    """Without `--write`, print how the answers differ from the table; with it, write them there too."""
    os.environ[WRITE] = "write" if "--write" in sys.argv else "show"
    return int(pytest.main(["-q", "-s", str(Path(__file__).with_name("test_matrix.py")), "-k", "as_reviewed"]))


if __name__ == "__main__":
    sys.exit(main())

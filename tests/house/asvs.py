"""OWASP ASVS 5.0, levels 1 and 2: what is held, by which test; what does not apply, and why; what is not yet.

`docs/asvs.csv` names a requirement by its number and in few words of our own. `python -m tests.house.asvs` counts it and fails
when a test it names does not exist.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "asvs.csv"
HELD, NOT_APPLICABLE, NOT_YET = "held", "not applicable", "not yet"
COLUMNS = ("id", "level", "matter", "status", "proof")
# How many requirements each chapter has at levels 1 and 2: none may be left out.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7}  # fmt: skip


@dataclass(frozen=True)
class Requirement:
    """One row. `proof` is test addresses apart by a space when it is held, else the reason."""

    id: str
    level: str
    matter: str
    status: str
    proof: str


def requirements() -> list[Requirement]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        assert tuple(rows.fieldnames or ()) == COLUMNS
        return [Requirement(**row) for row in rows]


def missing_tests(found: list[Requirement]) -> list[str]:
    """Tests that held rows name and the tree does not have; a held row without any is one too."""
    return [
        f"{row.id}: {proof or 'names no test'}"
        for row in found
        if row.status == HELD
        for proof in row.proof.split() or [""]
        if not _exists(proof)
    ]


def _exists(proof: str) -> bool:
    path, _colons, name = proof.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


def main() -> int:
    found = requirements()
    for status, count in sorted(Counter(row.status for row in found).items()):
        print(f"{status}: {count}")
    lacking = missing_tests(found)
    print("\n".join(lacking) or "every named test exists")
    return int(bool(lacking))


if __name__ == "__main__":
    sys.exit(main())

"""A thousand random tamperings by who owns the database and the disk, and as many clean runs.

Rows edited, deleted, inserted and reordered with the triggers off; files, tiles, heads and witnesses' words spoilt; the tail
cut; the whole log computed again with its key and without. What DECISIONS 12 promises is found; the rest is counted apart.
"""

from __future__ import annotations

import random

from tests.drills.inside import larger

TEST = "src/cancilleria/kernel/register/tests/test_tampering.py"
TAMPERINGS, LEAVES = 1_000, 40


def drill(chance: random.Random, scale: float) -> str:
    """AssertionError when something promised is missed, or a clean run alarms."""
    return larger(TEST, chance, TAMPERINGS=max(40, round(TAMPERINGS * scale)), LEAVES=LEAVES)


if __name__ == "__main__":
    print(drill(random.Random(1), 0.05))

"""Every SQL statement and every file write of an act failing in turn, and the answer to its commit lost.

Submitting, issuing, keeping signed files, annulling, a whole day at the box, the log's own beat: wholly there or wholly absent,
no orphan file after the sweep, no number burnt, and done once when it is asked again.
"""

from __future__ import annotations

import random

from tests.drills.inside import larger

TEST = "src/cancilleria/site/tests/test_faults.py"


def drill(chance: random.Random, scale: float) -> str:
    """All faults at scale 1, else that share of them. AssertionError for anything half there."""
    return "none half there, none twice: " + larger(TEST, chance, FAULTS=min(1.0, scale)).rstrip("; ")


if __name__ == "__main__":
    print(drill(random.Random(1), 0.1))

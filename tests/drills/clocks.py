"""Clocks that jump: three hours ahead, one back, over a leap day, a year's end and a change of the hour at a post.

Numbers follow their sequence, terms follow the post's working days, a clock that goes back raises an alarm, and no session that
is over revives.
"""

from __future__ import annotations

import random

from tests.drills.inside import larger

TEST = "src/cancilleria/site/tests/test_clocks.py"
JUMPS = 1_000


def drill(chance: random.Random, scale: float) -> str:
    """A thousand jumps at scale 1. AssertionError for the first number, term or session that is wrong."""
    return larger(TEST, chance, JUMPS=max(30, round(JUMPS * scale))) + "no session revived"


if __name__ == "__main__":
    print(drill(random.Random(1), 0.05))

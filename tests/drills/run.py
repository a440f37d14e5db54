"""Runs the drills of the table one after another: `make drill`.

Prints the seed, then one line a drill with its time. DRILLS=name,name chooses some, SCALE=0.1 makes all of them smaller,
SEED repeats a run. Ends with 1 when any drill failed; the others are run all the same.
"""

from __future__ import annotations

import os
import random
import sys
import time
import traceback
from collections.abc import Callable

from tests.drills import (
    bombs,
    clocks,
    contract,
    disk,
    failover,
    faults,
    fuzz,
    hostile,
    kill,
    links,
    once,
    overload,
    restore,
    scope,
    soak,
    tamper,
    timing,
    upgrade,
)

Drill = Callable[[random.Random, float], str]
DRILLS: dict[str, Drill] = {
    "kill": kill.drill,
    "restore": restore.drill,
    "disk": disk.drill,
    "faults": faults.drill,
    "clocks": clocks.drill,
    "once": once.drill,
    "scope": scope.drill,
    "tamper": tamper.drill,
    "contract": contract.drill,
    "hostile": hostile.drill,
    "timing": timing.drill,
    "links": links.drill,
    "overload": overload.drill,
    "failover": failover.drill,
    "soak": soak.drill,
    "upgrade": upgrade.drill,
    "fuzz": fuzz.drill,
    "bombs": bombs.drill,
}


def chosen(names: str) -> dict[str, Drill]:
    """The drills named, in the order of the table; all of them when none is. Raises SystemExit for a name nobody knows."""
    wanted = [name for name in names.split(",") if name]
    if unknown := sorted(set(wanted) - set(DRILLS)):
        raise SystemExit(f"no such drill: {', '.join(unknown)}; there are {', '.join(DRILLS)}")
    return {name: drill for name, drill in DRILLS.items() if not wanted or name in wanted}


def run(name: str, drill: Drill, seed: int, scale: float) -> bool:
    """Each drill draws from the seed and its own name, so that it may be repeated alone."""
    began = time.monotonic()
    try:
        told, passed = drill(random.Random(f"{seed}:{name}"), scale), True
    except Exception as error:
        traceback.print_exc()
        told, passed = f"{type(error).__name__}: {error}", False
    print(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - began:.0f} s): {told}", flush=True)
    return passed


def main() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    scale, drills = float(os.environ.get("SCALE") or 1), chosen(os.environ.get("DRILLS", ""))
    print(f"drills {', '.join(drills)}: seed {seed}, scale {scale:g}", flush=True)
    results = [run(name, drill, seed, scale) for name, drill in drills.items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How many requests one web process works on at the same time, and for whom: a crowd never takes the officers' places.

Numbers are for each process. A request takes a place at once, and a turn to be worked on. What is sent has places of its own,
held while the body arrives: slow telephones keep a thread waiting, and neither a reader's place nor a connection to the
database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """`turns` at the same time; places for readers and for senders; a reader waits `patience` seconds for a turn."""

    turns: int
    readers: int
    senders: int
    patience: float

    @property
    def places(self) -> int:
        return self.readers + self.senders


PUBLIC = Budget(turns=3, readers=12, senders=12, patience=2)
SIGN_IN = Budget(turns=2, readers=3, senders=3, patience=4)
OFFICERS = Budget(turns=6, readers=8, senders=6, patience=8)
BUDGETS = (PUBLIC, SIGN_IN, OFFICERS)
TURNS = sum(budget.turns for budget in BUDGETS)
# Whoever finds no place is told so by one of the threads that no place can hold.
SPARE = 4
# Who sent a document over a slow line has waited long already, and waits for a turn rather than send it again.
SENDERS_PATIENCE = 15.0
THREADS = sum(budget.places for budget in BUDGETS) + SPARE


class Full(Exception):
    """No place, or no turn in time."""


class Gate:
    """One budget, shared by the threads of a process."""

    def __init__(self, budget: Budget) -> None:
        # By whether the request sends something.
        self._patience = {False: budget.patience, True: SENDERS_PATIENCE}
        places = {False: budget.readers, True: budget.senders}
        self._places = {sends: threading.BoundedSemaphore(count) for sends, count in places.items()}
        self._turns = threading.BoundedSemaphore(budget.turns)

    @contextmanager
    def place(self, *, sends: bool) -> Iterator[None]:
        """Raises Full at once when every place of that kind is taken."""
        if not self._places[sends].acquire(blocking=False):
            raise Full
        try:
            yield
        finally:
            self._places[sends].release()

    @contextmanager
    def turn(self, *, sends: bool) -> Iterator[None]:
        """Raises Full when none came in time."""
        if not self._turns.acquire(timeout=self._patience[sends]):
            raise Full
        try:
            yield
        finally:
            self._turns.release()

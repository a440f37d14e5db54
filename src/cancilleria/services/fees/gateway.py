"""The one door to whoever takes payments on line. Nothing a browser brings back is believed: the outcome is asked here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from cancilleria.kernel.register.doors import Door

PAID, REFUSED, UNKNOWN = "paid", "refused", "unknown"


@dataclass(frozen=True)
class Outcome:
    """What the gateway says of a reference: paid, refused or unknown; when paid, how much."""

    state: str
    amount: int = 0
    currency: str = ""


class Gateway(Protocol):
    """A gateway. `reference` is ours: the same one is the same payment, however often it is said."""

    @property
    def key(self) -> str:
        """Its name in the register."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether no money moves: then every page says so."""
        ...

    def start(self, reference: uuid.UUID, *, amount: int, currency: str, back: str) -> str:
        """Announce a payment in minor units; returns the address where the person pays, who then comes `back`."""
        ...

    def outcome(self, reference: uuid.UUID) -> Outcome:
        """What became of it, as far as the gateway knows."""
        ...

    def refund(self, reference: uuid.UUID, amount: int) -> None:
        """Give back a payment, once."""
        ...

    def notified(self, message: str) -> uuid.UUID | None:
        """The reference in a notice, or None when the gateway did not sign it."""
        ...


gateway: Door[Gateway] = Door("gateway")

"""Tables of the register: entries and the log, and what surrounds the acts."""

from __future__ import annotations

from cancilleria.kernel.register.models.entries import (
    ANNOTATES,
    ANNULS,
    ERASES,
    FOLLOWS,
    RECTIFIES,
    Book,
    Checkpoint,
    Cosignature,
    Entry,
    EntryPrivate,
    Leaf,
    Unsequenced,
)
from cancilleria.kernel.register.models.keeping import BookStart, Hold, Imported, Pad, Read, Slip, Withheld

__all__ = [
    "ANNOTATES", "ANNULS", "ERASES", "FOLLOWS", "RECTIFIES", "Book", "BookStart", "Checkpoint", "Cosignature", "Entry",
    "EntryPrivate", "Hold", "Imported", "Leaf", "Pad", "Read", "Slip", "Unsequenced", "Withheld",
]  # fmt: skip

"""Contingency pads: what an office writes its acts on while it has no power or no line (DESIGN 2.1)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from cancilleria.kernel.register.models import Entry, Pad, Slip
from cancilleria.kernel.register.models.keeping import BLANK, SPOILED, USED

# The series of a book in which what was done on a pad is numbered, and its mark in a number: 2026-ABC-C-000001.
SERIES, MARK = "contingency", "-C"


@dataclass(frozen=True)
class Late:
    """An act done on a slip and entered later: when it was done, why it could not be entered then, and the scanned sheet."""

    slip: Slip
    performed_at: datetime
    reason: str
    sheet: uuid.UUID
    digest: str


@dataclass(frozen=True)
class Stock:
    """A pad and what became of its slips; the three add up to what was delivered."""

    pad: Pad
    used: int
    spoiled: int
    left: int

    @property
    def delivered(self) -> int:
        return self.pad.last - self.pad.first + 1

    @property
    def closes(self) -> bool:
        return self.used + self.spoiled + self.left == self.delivered


def with_series(*books: str) -> tuple[str, ...]:
    """The books, each followed by its series of what was done on pads."""
    return tuple(found for book in books for found in (book, f"{book}/{SERIES}"))


def printed(year: int | None, code: str, book: str | None, number: int) -> str:
    """A number as it stands on paper: `2026-ABC-000001`, and `2026-ABC-C-000001` in the series of pads."""
    mark = MARK if book and book.endswith(f"/{SERIES}") else ""
    return f"{year}-{code}{mark}-{number:06d}"


def slip_name(slip: Slip) -> str:
    """The number as it is printed: `C-ABC-000012`."""
    return f"{slip.pad.name}-{slip.number:06d}"


def slip_of(act: Entry) -> Slip | None:
    """The slip on which an act was done, None when it was done here."""
    return Slip.objects.select_related("pad").filter(act=act).first()


def blank_slips(organ: str) -> QuerySet[Slip]:
    """What an organ may still use, in the order of the paper."""
    return Slip.objects.filter(pad__organ=organ, state=BLANK).select_related("pad").order_by("pad__name", "number")


def stocks(organ: str) -> list[Stock]:
    """Every pad an organ was given, newest first."""
    counted = Pad.objects.filter(organ=organ).annotate(
        **{state: Count("slips", filter=Q(slips__state=state)) for state in (USED, SPOILED, BLANK)}
    )
    return [Stock(pad, pad.used, pad.spoiled, pad.blank) for pad in counted.order_by("-entry__recorded_at")]  # type: ignore[attr-defined]

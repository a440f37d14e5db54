"""What an organ holds: a registry each room adds to, from which minutes of handover and the closing of an organ are made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cancilleria.kernel.organs.models import Organ, Proposal, Stamp
from cancilleria.kernel.organs.models.keeping import IN_USE, OPEN
from cancilleria.kernel.organs.queries import custodian_of, name_of, signature_line_of
from cancilleria.kernel.register.canonical import encode

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What is held, and how much: text, because a quantity may be a number of things, a number in a book or an amount.
Line = tuple[str, str]


@dataclass(frozen=True)
class Holding:
    """One kind of thing. `binds` when an organ that still has any cannot be closed: books pass to the successor, cases do not."""

    key: str
    label: StrOrPromise
    lines: Callable[[str], Sequence[Line]]
    binds: bool = True


@dataclass(frozen=True)
class Held:
    """A kind of thing and what an organ has of it now."""

    holding: Holding
    lines: tuple[Line, ...]


class Holdings:
    """A registry, in the order in which minutes tell it; tests make their own."""

    def __init__(self, found: Iterable[Holding] = ()) -> None:
        self._found: dict[str, Holding] = {}
        self.register(found)

    def register(self, found: Iterable[Holding]) -> None:
        """Raises ValueError for a key declared twice."""
        for holding in found:
            if self._found.setdefault(holding.key, holding) is not holding:
                raise ValueError(f"{holding.key} is declared twice")

    def of(self, organ: str) -> list[Held]:
        """Every kind, with what the organ holds of it at this moment; kinds of which it has nothing too."""
        return [Held(holding, tuple(holding.lines(organ))) for holding in self._found.values()]


holdings = Holdings()


def digest_of(lines: object) -> str:
    """SHA-256, in hexadecimal, of the canonical form of frozen lines."""
    return hashlib.sha256(encode(lines)).hexdigest()


def stamps_of(organ: str) -> list[Line]:
    """Stamps in use, with who answers for each."""
    lines = []
    for stamp in Stamp.objects.filter(organ=organ, state=IN_USE).order_by("label"):
        custody = custodian_of(stamp)
        lines.append((f"{stamp.label} ({signature_line_of(custody.posting_id)})" if custody else stamp.label, "1"))
    return lines


def proposals_of(organ: str) -> list[Line]:
    """Acts that wait for a second person, as a count."""
    count = Proposal.objects.filter(organ=organ, state=OPEN).count()
    return [("", str(count))] if count else []


def supervised_by(organ: str) -> list[Line]:
    """Open organs it watches over."""
    found = Organ.objects.filter(supervised_by=organ, closed_on=None).order_by("code")
    return [(name_of(key, language="es"), "1") for key in found.values_list("key", flat=True)]

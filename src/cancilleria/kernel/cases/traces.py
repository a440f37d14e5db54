"""What every room keeps about a person or a case, declared once: for whoever asks what is held, and for erasing it.

Each room with rows about people registers a Trace; a room that forgets one is found by the test that searches the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cancilleria.kernel.documents.models import Document

Rows = Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class Matter:
    """Whose data: the key of a person, if it is about one, and the cases that are theirs."""

    person: str
    cases: tuple[uuid.UUID, ...]

    @property
    def subjects(self) -> list[str]:
        """The keys under which the register speaks of them."""
        return [*([self.person] if self.person else []), *(f"case:{case}" for case in self.cases)]


def nothing(matter: Matter) -> Iterable[Document]:
    """A room that keeps no files."""
    return ()


@dataclass(frozen=True)
class Trace:
    """`tell` gives the rows a room holds, `files` its documents; `erase` empties the rows and returns how many."""

    tell: Callable[[Matter], Rows]
    erase: Callable[[Matter], int]
    files: Callable[[Matter], Iterable[Document]] = nothing


class Traces:
    """A registry; `site` fills it."""

    def __init__(self) -> None:
        self._found: dict[str, Trace] = {}

    def register(self, found: Mapping[str, Trace]) -> None:
        """Raises ValueError for a room given twice."""
        if twice := self._found.keys() & found.keys():
            raise ValueError(f"given twice: {sorted(twice)}")
        self._found |= found

    def __iter__(self) -> Iterator[tuple[str, Trace]]:
        return iter(self._found.items())


traces = Traces()

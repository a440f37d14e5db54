"""Verbs: what may be recorded, declared before use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class UnknownVerb(LookupError):
    """Nobody declared this verb."""


class Facts(BaseModel):
    """Coded, non-personal facts, or public fields, of a verb. Fields are only ever added, and added as optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Verb:
    """`code` such as `apostille.issued`; `sentence` in Spanish, for history pages, with places such as {number}.

    `book` is the kind of book that numbers it. `open` verbs show their head in the log; opaque is the default.
    """

    code: str
    sentence: StrOrPromise
    owner: str
    facts: type[Facts] = Facts
    public: type[Facts] = Facts
    book: str | None = None
    open: bool = False


class Verbs:
    """A registry; tests make their own."""

    def __init__(self, verbs: Iterable[Verb] = ()) -> None:
        self._found: dict[str, Verb] = {}
        self.register(verbs)

    def register(self, verbs: Iterable[Verb]) -> None:
        """Raises ValueError for a code declared twice."""
        for verb in verbs:
            if self._found.setdefault(verb.code, verb) is not verb:
                raise ValueError(f"{verb.code} is declared twice")

    def get(self, code: str) -> Verb:
        try:
            return self._found[code]
        except KeyError:
            raise UnknownVerb(code) from None

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._found.values())


verbs = Verbs()

"""Procedures as values: the structure is code, the norm is data of the profile (DECISIONS 18).

A structure has pages of fields and the checks the law asks for; from it come request pages, desk pages, receipt,
tracking and manual page. A norm says title, legal basis, fee, term, silence and organs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cancilleria.kernel.documents.models import Document

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Answers = Mapping[str, str]
TEXT, LONG_TEXT, EMAIL, CHOICE, MANY, YES, NUMBER, DATE, DOCUMENT, SCAN = (
    "text", "long_text", "email", "choice", "many", "yes", "number", "date", "document", "scan",
)  # fmt: skip


# Ways in which a request comes: by whoever asks, entered by an officer for the person at the window, in an entity's batch.
PORTAL, COUNTER, BATCH = "portal", "counter", "batch"


class UnknownProcedure(LookupError):
    """No domain declared this procedure."""


@dataclass(frozen=True)
class Field:
    """One question. `choices` is called when the page is shown, so that it may read reference data."""

    name: str
    label: StrOrPromise
    kind: str = TEXT
    hint: StrOrPromise = ""
    required: bool = True
    max_length: int = 120
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None
    radio: bool = False

    @property
    def attached(self) -> bool:
        """A file as its issuer made it, or pages on paper that were scanned or photographed."""
        return self.kind in (DOCUMENT, SCAN)


@dataclass(frozen=True)
class Page:
    """One thing a page: one question, or the few that make one answer."""

    key: str
    title: StrOrPromise
    fields: tuple[Field, ...]
    lead: StrOrPromise = ""


@dataclass(frozen=True)
class Problem:
    """Why an answer cannot be accepted: the field, what is wrong, and the way to go on."""

    field: str
    code: str
    message: StrOrPromise


@dataclass(frozen=True)
class Request:
    """What a check may look at: the answers so far, the documents attached, and the day."""

    answers: Answers
    documents: Mapping[str, Document]
    on: date


Check = Callable[[Request], Iterable[Problem]]


@dataclass(frozen=True)
class Procedure:
    """`checks` run when the page of that key is answered, and all of them again at submission; `channels` let it in."""

    key: str
    pages: tuple[Page, ...]
    checks: Mapping[str, Check] = field(default_factory=dict)
    decide_power: str = ""
    appeal_power: str = "case.appeal"
    channels: tuple[str, ...] = (PORTAL, COUNTER)

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)

    def following(self, key: str) -> Page | None:
        keys = [page.key for page in self.pages]
        at = keys.index(key) + 1
        return self.pages[at] if at < len(keys) else None

    def fields(self) -> Iterator[Field]:
        for page in self.pages:
            yield from page.fields

    def document_fields(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields() if f.attached)

    def structure(self) -> dict[str, object]:
        """What a snapshot keeps of the structure, as JSON."""
        return {
            "pages": [
                {
                    "key": page.key,
                    "title": str(page.title),
                    "fields": [
                        {"name": f.name, "label": str(f.label), "kind": f.kind, "required": f.required}
                        for f in page.fields
                    ],
                }
                for page in self.pages
            ]
        }

    def problems(self, request: Request, *, page: str | None = None) -> list[Problem]:
        """What keeps the request from being accepted: on one page, or on all of them."""
        keys = [page] if page else [p.key for p in self.pages]
        return [problem for key in keys if key in self.checks for problem in self.checks[key](request)]


class Procedures:
    """A registry; tests make their own."""

    def __init__(self, procedures: Iterable[Procedure] = ()) -> None:
        self._found: dict[str, Procedure] = {}
        self.register(procedures)

    def register(self, procedures: Iterable[Procedure]) -> None:
        """Raises ValueError for a key declared twice, or a field name used twice within a procedure."""
        for procedure in procedures:
            names = [f.name for f in procedure.fields()]
            if len(names) != len(set(names)):
                raise ValueError(f"{procedure.key} asks the same field twice")
            if self._found.setdefault(procedure.key, procedure) is not procedure:
                raise ValueError(f"{procedure.key} is declared twice")

    def get(self, key: str) -> Procedure:
        try:
            return self._found[key]
        except KeyError:
            raise UnknownProcedure(key) from None

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self._found.values())


procedures = Procedures()

"""Long lists, newest first, that cost the same at any depth: nothing is counted, and a page begins below the last row's key.

Keys are made in time (UUIDv7, or a sequence), so that their order is that of what they name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

PAGE = 50
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Older(Generic[M]):
    """One page. `below` is the key the next one begins under, empty on the last; `first` says that nothing is newer."""

    rows: list[M]
    below: str
    first: bool


def older(found: QuerySet[M], before: str) -> Older[M]:
    """The newest rows, or those before a key. A key that cannot be read is none."""
    try:
        key = found.model._meta.pk.to_python(before) if before else None
    except ValidationError:
        key = None
    below = found.filter(pk__lt=key) if key is not None else found
    rows = list(below.order_by("-pk")[: PAGE + 1])
    following = str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    return Older(rows[:PAGE], following, first=key is None)

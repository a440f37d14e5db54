"""What cases need from above: somebody who tells people, and somebody who knows what is owed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.register.doors import Door

if TYPE_CHECKING:
    from cancilleria.kernel.cases.models import Case


class Notices(Protocol):
    """Puts a notice in the outbox, in the act's own transaction."""

    def send(self, kind: str, *, case: str, recipient: str, language: str) -> str:
        """Queue a notice of `kind` about a case and return the channel it will leave by."""
        ...


class Fees(Protocol):
    """Orders what a request owes, and knows whether a case waits for its payment."""

    def order(self, *, actor: Actor, case: Case) -> bool:
        """Order what the case owes by its norm; whether it has to be paid before the case goes on."""
        ...

    def owes(self, case: uuid.UUID) -> bool:
        """Whether an order of the case is still to be paid: then only its payment lets the case go on."""
        ...

    def ordered(self, case: uuid.UUID) -> bool:
        """Whether the case has an order, paid or not."""
        ...

    def ended(self, *, actor: Actor, case: Case) -> None:
        """The case ended: what was not paid is owed no more."""
        ...


class ErasureList(Protocol):
    """What was erased, kept apart from the backups: a restored one is brought to it again."""

    def add(self, subject: str, cause: str, files: Sequence[str]) -> None:
        """Write one line unless it stands there, on disk when it returns. `subject` is a random key, `files` digests; nothing of the person stands there."""
        ...


notices: Door[Notices] = Door("notices")
fees: Door[Fees] = Door("fees")
erasure_list: Door[ErasureList] = Door("list of erasures")

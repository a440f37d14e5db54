"""What cases need from above: somebody who tells people."""

from __future__ import annotations

from typing import Protocol

from cancilleria.kernel.register.doors import Door


class Notices(Protocol):
    """Puts a notice in the outbox, in the act's own transaction."""

    def send(self, kind: str, *, case: str, recipient: str, language: str) -> str:
        """Queue a notice of `kind` about a case and return the channel it will leave by."""
        ...


notices: Door[Notices] = Door("notices")

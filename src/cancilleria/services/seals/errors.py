"""The one error that leaves the readers of this room: what is wrong, and where."""

from __future__ import annotations


class ParseError(ValueError):
    """What was read is not well formed. `where` names the part, in Spanish, for whoever looks at the paper."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what, self.where = what, where

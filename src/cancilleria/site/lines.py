"""Lines of the log: each event is one, whatever it quotes."""

from __future__ import annotations

import logging


class Line(logging.Formatter):
    """Writes control characters of a message as escapes, so that nothing typed somewhere begins a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in record.message)
        return super().formatMessage(record)

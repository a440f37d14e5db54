"""The log: one event, one line."""

from __future__ import annotations

import logging

from django.conf import settings

from cancilleria.site.lines import Line


def test_what_was_typed_begins_no_line_of_its_own() -> None:
    record = logging.LogRecord(
        "cancilleria", logging.INFO, "", 0, "no se halló %s", ("a\r\n2026 CRITICAL\x1b[2J\u2028b",), None
    )
    line = Line("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)
    assert len(line.splitlines()) == 1
    assert "\\r\\n2026 CRITICAL\\x1b[2J\\u2028b" in line


def test_a_line_says_when_with_its_zone_who_and_what() -> None:
    given = settings.LOGGING["formatters"]["line"]
    line = Line(given["format"], given["datefmt"]).format(
        logging.LogRecord("x.y", logging.INFO, "", 0, "algo", (), None)
    )
    when, level, name, message = line.split(" ", 3)
    assert when.endswith("+0000")
    assert (level, name, message) == ("INFO", "x.y", "algo")

"""What is read from paper: the machine readable zone, the digital seal, and the picture it stands in."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from unittest.mock import patch

from tests.fuzz.keys import seals

from cancilleria.services.seals import codes, layouts, mrz, vds
from cancilleria.services.seals.errors import ParseError
from cancilleria.services.seals.judge import judge
from cancilleria.services.seals.mrz import zone as zones
from cancilleria.services.signing.trust import TrustList

TRUST = TrustList(date(2026, 1, 1), "Utopia", (), (), 0, (), seals=seals())


def zone(data: bytes) -> None:
    """A zone is read or refused, with its check digits and, so that more of it is reached, as if all of them were right."""
    text = data.decode("utf-8", "replace")
    with suppress(ParseError):
        mrz.parse(text)
    with suppress(ParseError), patch.object(zones, "_check", lambda *_: None):
        found = mrz.parse(text)
        with suppress(ValueError):  # names as no office would write them are read, not written
            assert len(mrz.compose(found).split("\n")) == found.format.lines


def seal(data: bytes) -> None:
    """Read, shown and judged; what was read is what was signed, byte for byte."""
    assert judge(data, TRUST).result
    with suppress(ParseError):
        found = vds.decode(data)
        assert data.startswith(found.signed)
        assert data.endswith(found.signature)
        layouts.read(found)


def picture(data: bytes) -> None:
    """An image or a page, and the codes in it."""
    with suppress(codes.UnreadableImage):
        codes.read_codes(codes.picture(data))

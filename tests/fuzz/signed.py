"""The strict verifier: its PDF reader, its signatures, a whole document, and a whole pack."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from tests.fuzz.keys import trust_list

from cancilleria.services.signing.evidence import EXIT, verify_file
from cancilleria.services.signing.pack import cms as cms_reader
from cancilleria.services.signing.pack.cms import verify_cms
from cancilleria.services.signing.pack.command import main
from cancilleria.services.signing.pack.objects import Pdf
from cancilleria.services.signing.pack.refused import Refused
from cancilleria.services.signing.pack.revisions import check_later

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TRUST = trust_list()


def _held(*_: object) -> bool:
    return True


def pdf(data: bytes) -> None:
    """Every object the tables name, and the files inside."""
    with suppress(Refused):
        found = Pdf(data)
        for number in list(found.places)[:200]:
            with suppress(Refused):
                found.object(number)
        found.attachments()
    with suppress(Refused):
        check_later(data, [found.end() for found in re.finditer(b"%%EOF", data)])


def cms(data: bytes) -> None:
    """A signature or a time stamp of other bytes, and, so that more of it is reached, as if it were of these."""
    with suppress(Refused):
        verify_cms(data, b"other bytes", TRUST.roots, 0)
    with suppress(Refused), patch.object(cms_reader, "check_signature", _held), patch("hmac.compare_digest", _held):
        verify_cms(data, b"other bytes", TRUST.roots, 0)


def verifier(data: bytes) -> None:
    """A document: one of four results, whatever it is."""
    assert verify_file(data, TRUST, NOW).result in EXIT


def pack(data: bytes) -> None:
    """A pack, as the command inside it reads one."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        Path(file.name).write_bytes(data)
        assert main([file.name]) in (0, 1, 2)

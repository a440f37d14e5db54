"""Files made to harm whoever opens them are refused before they are unpacked."""

from __future__ import annotations

import zlib

import pytest

from cancilleria.kernel.documents.rules import Refused
from cancilleria.services.signing import incoming
from cancilleria.services.signing.tests.test_incoming import plain, refusal, signed


def packed(filters: bytes, data: bytes, kind: bytes = b"/ObjStm") -> bytes:
    """A file whose objects stand in a stream."""
    head = b"<</Type%s/N 1/First 5/Length %d/Filter%s>>" % (kind, len(data), filters)
    return b"%%PDF-1.7\n1 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n" % (head, data)


def cost(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        incoming._check_unpacked(data)
    return refused.value.code


@pytest.mark.parametrize("kind", [b"/ObjStm", b"/XRef", b"/Obj#53tm"])
def test_a_stream_of_objects_that_never_ends_is_refused_before_it_is_unpacked(kind: bytes) -> None:
    assert cost(packed(b"/FlateDecode", zlib.compress(bytes(40_000_000), 1), kind)) == "too_costly"


def test_many_streams_count_together() -> None:
    one = packed(b"/FlateDecode", zlib.compress(bytes(9_000_000), 1))
    assert cost(one * 4) == "too_costly"
    incoming._check_unpacked(one)


@pytest.mark.parametrize(
    "filters", [b"[/FlateDecode/FlateDecode]", b"/LZWDecode", b"[/ASCII85Decode /FlateDecode]", b"/Fl"]
)
def test_objects_packed_as_no_program_packs_them_are_refused(filters: bytes) -> None:
    assert cost(packed(filters, b"x")) == "too_costly"


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"", b"PK\x03\x04 a package"), (b"", b"<script>alert(1)</script>"), (b"<html><script>alert(1)</script>\n", b"")],
)
def test_a_pdf_that_is_something_else_as_well_is_refused(before: bytes, after: bytes) -> None:
    start, _, rest = plain().partition(b"\n")
    with pytest.raises(Refused, match="mixed"):
        incoming._check_alone(start + b"\n" + before + rest + after)


def test_what_programs_write_around_a_pdf_is_no_second_file() -> None:
    for data in (plain(), signed(), plain() + b"\r\n\x00\x00\x1a"):
        incoming._check_alone(data)
    assert refusal(plain() + b"PK\x05\x06") == "mixed"

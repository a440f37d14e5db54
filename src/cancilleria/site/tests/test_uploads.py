"""A file that is too big arrives as one that is too big, not as none; and no request fills the memory."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from cancilleria.kernel.documents.rules import MAX_BYTES, Refused, media_type_of
from cancilleria.site.uploads import Bounded


def sent(*sizes: int) -> list[bytes]:
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-" + bytes(size - 5)) for n, size in enumerate(sizes)]
    request = RequestFactory().post("/", {"document": files})
    assert isinstance(request.upload_handlers[0], Bounded)
    return [file.read() for file in request.FILES.getlist("document")]


def test_a_file_that_is_too_big_is_told_from_one_that_was_not_sent() -> None:
    (kept,) = sent(MAX_BYTES + 3_000_000)
    assert len(kept) == MAX_BYTES + 1
    with pytest.raises(Refused, match="too_big"):
        media_type_of(kept)


def test_what_may_be_taken_in_arrives_whole() -> None:
    assert [len(data) for data in sent(MAX_BYTES, 8_000_000)] == [MAX_BYTES, 8_000_000]


def test_many_large_files_do_not_fill_the_memory() -> None:
    assert sum(map(len, sent(*[MAX_BYTES] * 6))) == 4 * MAX_BYTES + 1

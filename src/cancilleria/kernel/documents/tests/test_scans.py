"""Scans: images become a PDF in the real child process, without what a camera writes beside them; bombs are refused."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf
import pytest
from PIL import Image

from cancilleria.kernel.documents import images, pages, parsing
from cancilleria.kernel.documents.rules import Refused


def image(kind: str = "JPEG", size: tuple[int, int] = (300, 400), **saved: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **saved)  # type: ignore[arg-type]
    return out.getvalue()


def photograph() -> bytes:
    """As a telephone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "TELEFONO INVENTADO"
    return image(exif=exif.tobytes())


def test_images_become_one_pdf_page_each_in_their_order() -> None:
    made = pages.pdf_of([image(), image("PNG", (600, 200)), image("TIFF")])
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 3
        assert [float(page.mediabox[2]) > float(page.mediabox[3]) for page in pdf.pages] == [False, True, False]
    assert pages.pdf_of([image(), image("PNG", (600, 200)), image("TIFF")]) == made


def test_what_the_camera_wrote_beside_the_image_is_left_behind_and_the_page_stands_upright() -> None:
    made = pages.pdf_of([photograph()])
    assert b"TELEFONO" in photograph()
    assert b"TELEFONO" not in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert not pdf.docinfo
        assert float(pdf.pages[0].mediabox[2]) > float(pdf.pages[0].mediabox[3])


def test_a_tiff_of_several_pages_gives_each_of_them() -> None:
    out = io.BytesIO()
    frames = [Image.new("1", (200, 300), shade) for shade in (0, 1, 0)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    with pikepdf.open(io.BytesIO(pages.pdf_of([out.getvalue()]))) as pdf:
        assert len(pdf.pages) == 3


def test_the_pdf_of_a_scanner_stays_as_it_is_and_is_not_mixed() -> None:
    assert pages.pdf_of([b"%PDF-1.7 as it came"]) == b"%PDF-1.7 as it came"
    with pytest.raises(Refused) as found:
        pages.pdf_of([b"%PDF-1.7", image()])
    assert found.value.code == "not_a_scan"
    with pytest.raises(Refused):
        pages.pdf_of([])


def bomb() -> bytes:
    """A PNG of 900 million pixels in a few kilobytes."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(30_000))), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("data", [bomb(), b"\xff\xd8\xff broken", image()[:200], b"II*\x00" + bytes(40)])
def test_a_flood_of_pixels_and_broken_images_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as found:
        pages.pdf_of([data])
    assert found.value.code in ("flood", "unreadable")


def test_a_page_is_drawn_as_a_picture_and_one_that_is_not_there_is_refused() -> None:
    scan = pages.pdf_of([image(), image(size=(1_000, 1_300))])
    drawn = parsing.decode(parsing.in_child(scan, function=pages.PICTURE, given={"page": 2}))
    with Image.open(io.BytesIO(drawn)) as found:
        assert (found.format, found.width) == ("JPEG", images.WIDTH)
    with pytest.raises(Refused):
        parsing.in_child(scan, function=pages.PICTURE, given={"page": 3})

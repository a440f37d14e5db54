"""Images of pages, read and made anew. Runs in the child process of `parsing` only: it sees bytes nobody has checked.

A scan becomes a PDF of its pages, re-encoded: what a camera writes beside the image (place, time, machine) is left behind.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pikepdf
import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from cancilleria.kernel.documents.parsing import encode
from cancilleria.kernel.documents.rules import MAX_BYTES, MAX_PAGES, Refused

FORMATS = ("JPEG", "PNG", "TIFF")
MAX_PIXELS = 60_000_000  # A4 at 600 dots an inch is 35 million
LONG_SIDE = 3_508  # A4 at 300 dots an inch: more adds weight and nothing to read
DOTS_AN_INCH = 300
WIDTH = 1_400
QUALITY = 85


def to_pdf(data: bytes, given: Mapping[str, object]) -> str:
    """A PDF of the images that stand one after another in `data`, of the `lengths` given; in base64."""
    lengths = given["lengths"]
    pages, at = [], 0
    for length in lengths if isinstance(lengths, list) else []:
        pages += list(_pages(data[at : at + length]))
        at += length
    if len(pages) > MAX_PAGES:
        raise Refused("too_long")
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_AN_INCH, quality=QUALITY)
    clean = _without_metadata(made)
    if len(clean) > MAX_BYTES:
        raise Refused("too_big")
    return encode(clean)


def picture(data: bytes, given: Mapping[str, object]) -> str:
    """JPEG of one page of a PDF, `page` counted from 1, in base64. Raises Refused when there is no such page."""
    document = pypdfium2.PdfDocument(data)
    number = int(str(given["page"]))
    if not 1 <= number <= len(document):
        raise Refused("unreadable")
    page = document[number - 1]
    image = page.render(scale=min(WIDTH / page.get_width(), 8)).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return encode(out.getvalue())


def _pages(data: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as held:
        for frame in ImageSequence.Iterator(held):
            if frame.width * frame.height > MAX_PIXELS:
                raise Refused("too_costly")
            upright = ImageOps.exif_transpose(frame)
            page = upright.convert("L" if upright.mode in ("1", "L", "I;16") else "RGB")
            page.thumbnail((LONG_SIDE, LONG_SIDE))
            yield page


def _without_metadata(made: io.BytesIO) -> bytes:
    """The same images make the same bytes, and tell nothing of where or when."""
    out = io.BytesIO()
    with pikepdf.open(made) as pdf:
        del pdf.docinfo
        pdf.save(out, deterministic_id=True)
    return out.getvalue()

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
MOST_PIXELS = 400_000_000  # of all pages together: forty-six of A4 at 300 dots an inch; more comes as a PDF
LONG_SIDE = 3_508  # A4 at 300 dots an inch: more adds weight and nothing to read
DOTS_AN_INCH = 300
WIDTH = 1_400
QUALITY = 85


def to_pdf(data: bytes, given: Mapping[str, object]) -> str:
    """A PDF of the images that stand one after another in `data`, of the `lengths` given; in base64."""
    lengths = given["lengths"]
    parts, at = [], 0
    for length in lengths if isinstance(lengths, list) else []:
        parts.append(data[at : at + length])
        at += length
    _check_sizes(parts)
    pages = [page for part in parts for page in _pages(part)]
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


def _check_sizes(parts: list[bytes]) -> None:
    """Add up what the images say of themselves before a single point of them is read. Raises Refused."""
    count = points = 0
    for part in parts:
        try:
            with Image.open(io.BytesIO(part), formats=FORMATS) as held:
                for frame in ImageSequence.Iterator(held):
                    count, points = count + 1, points + frame.width * frame.height
                    if frame.width * frame.height > MAX_PIXELS or points > MOST_PIXELS:
                        raise Refused("flood")
                    if count > MAX_PAGES:
                        raise Refused("too_long")
        except Image.DecompressionBombError as error:
            raise Refused("flood") from error


def _pages(data: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as held:
        for frame in ImageSequence.Iterator(held):
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

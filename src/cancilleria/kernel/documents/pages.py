"""Pages as people see them: scans taken in as a PDF, and the picture of a page to look at beside another."""

from __future__ import annotations

from collections.abc import Sequence

from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.models import Version
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.documents.rules import MAX_BYTES, Refused, is_image

TO_PDF = "cancilleria.kernel.documents.images:to_pdf"
PICTURE = "cancilleria.kernel.documents.images:picture"


def pdf_of(files: Sequence[bytes]) -> bytes:
    """The PDF a scanner made, as it is; or one of the images it or a camera made, each a page, in their order.

    Raises Refused, and says what to do, for anything else, for several PDFs, or when it is too much.
    """
    if len(files) == 1 and not is_image(files[0]):
        return files[0]
    if not files:
        raise Refused("empty")
    if not all(is_image(data) for data in files):
        raise Refused("not_a_scan")
    if sum(map(len, files)) > 4 * MAX_BYTES:
        raise Refused("too_big")
    given = {"lengths": [len(data) for data in files]}
    return parsing.decode(parsing.in_child(b"".join(files), function=TO_PDF, given=given))


def picture(version: Version, page: int = 1) -> bytes:
    """JPEG of one page of a PDF, about 1,400 pixels wide. Raises Refused when it has no such page."""
    return parsing.decode(parsing.in_child(content(version), function=PICTURE, given={"page": page}))

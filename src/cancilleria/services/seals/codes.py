"""DataMatrix codes printed and codes read from an image, safe for any byte (ISO/IEC 16022, ISO/IEC 18004)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, UnidentifiedImageError

MODULE = 0.6  # millimetres: 0.4 is read two to four times in ten at 100 dots an inch (DECISIONS 29)
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")  # of cameras and scanners; others start programs to be read
LARGEST = 60_000_000  # pixels of an image: more is no photograph of a page
DPI = 300


class UnreadableImage(ValueError):
    """The file is no image and no PDF, or it is too large. The message says which, in Spanish."""


@dataclass(frozen=True)
class DataMatrix:
    """A code as SVG whose unit is one module; print it `side` millimetres wide, its quiet zone included."""

    svg: bytes
    side: float


def data_matrix(data: bytes) -> DataMatrix:
    """The code of `data` with modules of 0.6 mm. Raises ValueError when it does not fit in one code."""
    svg: str = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.DataMatrix).to_svg(add_quiet_zones=True)
    size = re.search(r'<svg width="(\d+)" height="(\d+)"', svg)
    if size is None or size[1] != size[2]:
        raise ValueError("el sello es demasiado corto para un código cuadrado")
    return DataMatrix(svg.encode(), round(int(size[1]) * MODULE, 2))


def read_codes(image: Image.Image) -> list[bytes]:
    """What the DataMatrix and QR codes of an image say, largest data first."""
    formats = [zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode]
    found = zxingcpp.read_barcodes(image.convert("L"), formats=formats)
    return sorted((bytes(code.bytes) for code in found), key=len, reverse=True)


def picture(data: bytes) -> Image.Image:
    """The image in a file, or the first page of a PDF at 300 dots an inch. Raises UnreadableImage."""
    if data.startswith(b"%PDF-"):
        return _page(data)
    try:
        found = Image.open(BytesIO(data), formats=FORMATS)
        if found.width * found.height > LARGEST:
            raise UnreadableImage("la imagen es demasiado grande")
        found.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, UnreadableImage):
            raise
        raise UnreadableImage("no es una imagen ni un PDF, o está dañado") from error
    return found


def _page(data: bytes) -> Image.Image:
    try:
        with pypdfium2.PdfDocument(data) as document:
            page = document[0]
            if page.get_width() * page.get_height() * (DPI / 72) ** 2 > LARGEST:
                raise UnreadableImage("la página es demasiado grande")
            image: Image.Image = page.render(scale=DPI / 72).to_pil()
            return image
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnreadableImage("el PDF no se puede leer") from error

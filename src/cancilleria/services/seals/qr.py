"""QR codes as SVG (ISO/IEC 18004, correction level M), with the quiet zone a reader needs."""

from __future__ import annotations

import zxingcpp


def qr_svg(text: str) -> bytes:
    """The code of `text` as an SVG whose unit is one module; print modules of 0.6 mm or more (DECISIONS 29)."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg: str = barcode.to_svg(add_quiet_zones=True)
    return svg.encode()

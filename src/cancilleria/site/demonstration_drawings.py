"""Drawn signatures, seals and papers of people and entities that do not exist: the same name draws the same picture."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cancilleria.services import ui

FONT = Path(ui.__file__).parent / "static" / "ui" / "fonts" / "source-serif-4-latin-600-normal.woff2"
INK, STAMP, PAPER = (28, 38, 92), (122, 31, 43), (252, 251, 247)
WIDTH, HEIGHT = 1240, 1754


def signature(name: str) -> Image.Image:
    """A scribble of its own for each name."""
    drawn = Image.new("RGB", (720, 300), PAPER)
    pen, hand = ImageDraw.Draw(drawn), random.Random(name)  # noqa: S311 - a drawing, not a secret
    quick, slow, turn = hand.uniform(0.16, 0.24), hand.uniform(0.04, 0.07), hand.uniform(0, 6)
    points = [
        (
            80 + step * 1.4 + 26 * math.cos(step * quick),
            165 + 62 * math.sin(step * quick) * (0.4 + abs(math.sin(step * slow + turn))),
        )
        for step in range(380)
    ]
    pen.line(points, fill=INK, width=5, joint="curve")
    pen.line([(70, 270), (640, hand.uniform(236, 262))], fill=INK, width=4)
    return drawn


def seal(entity: str) -> Image.Image:
    """A round seal with the entity's name in its middle."""
    drawn = Image.new("RGB", (520, 520), PAPER)
    pen = ImageDraw.Draw(drawn)
    for inset, width in ((12, 8), (34, 3), (120, 3)):
        pen.ellipse((inset, inset, 520 - inset, 520 - inset), outline=STAMP, width=width)
    for spoke in range(36):
        angle = math.radians(spoke * 10)
        ends = [(260 + r * math.cos(angle), 260 + r * math.sin(angle)) for r in (150, 216)]
        pen.line(ends, fill=STAMP, width=2)
    font = _letters(24)
    lines = _wrapped(entity, 16)
    for place, line in enumerate(lines):
        pen.text((260, 260 + (place - (len(lines) - 1) / 2) * 30), line, font=font, fill=STAMP, anchor="mm")
    return drawn


def paper(*, title: str, entity: str, text: str, signer: str, capacity: str) -> bytes:
    """JPEG of a document as a scanner sees it: signed by hand and sealed."""
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((WIDTH / 2, 180), entity, font=_letters(44), fill=(40, 36, 34), anchor="mm")
    pen.text((WIDTH / 2, 270), title, font=_letters(54), fill=(40, 36, 34), anchor="mm")
    for place, line in enumerate(_wrapped(text, 62)):
        pen.text((140, 400 + place * 52), line, font=_letters(34), fill=(40, 36, 34))
    page.paste(signature(signer), (440, 1080))
    pen.text((460, 1390), f"{signer}\n{capacity}", font=_letters(34), fill=(40, 36, 34))
    page.paste(seal(entity).resize((360, 360)), (100, 1080))
    foot = "Documento de demostración: personas y entidades inventadas, sin valor."
    pen.text((WIDTH / 2, 1660), foot, font=_letters(26), fill=(95, 88, 80), anchor="mm")
    return _bytes(page, "JPEG")


def png(drawn: Image.Image) -> bytes:
    return _bytes(drawn, "PNG")


def _letters(size: int) -> ImageFont.FreeTypeFont:
    """The site's own letters, which have every accent of Spanish."""
    return ImageFont.truetype(FONT, size)


def _bytes(drawn: Image.Image, kind: str) -> bytes:
    kept = io.BytesIO()
    drawn.save(kept, kind)
    return kept.getvalue()


def _wrapped(text: str, most: int) -> Sequence[str]:
    lines = [""]
    for word in text.split():
        lines = (
            [*lines, word]
            if len(lines[-1]) + len(word) >= most and lines[-1]
            else [*lines[:-1], f"{lines[-1]} {word}".strip()]
        )
    return lines

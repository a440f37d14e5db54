"""Documents by typst: PDF/A-3a, tagged, the same bytes from the same data (system fonts are ignored)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import typst

from cancilleria.services.signing.pades import DocumentToSign

STANDARD = "a-3a"


class CannotCompose(RuntimeError):
    """The template and its data do not make a document; the message is the compiler's."""


def compose(template: bytes, files: Mapping[str, bytes]) -> DocumentToSign:
    """Compile `template`, which may read `files` by name (`data.json`, images, what it attaches)."""
    try:
        found = typst.compile(
            {"main.typ": template, **files}, format="pdf", pdf_standards=[STANDARD], font_paths=_fonts()
        )
    except typst.TypstError as error:
        raise CannotCompose(str(error)) from error
    return DocumentToSign(found)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)

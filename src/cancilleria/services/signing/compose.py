"""Documents by typst: PDF/A-3a, tagged, the same bytes from the same data (system fonts are ignored)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typst

from cancilleria.services.signing.pades import DocumentToSign

STANDARD: Literal["a-3a"] = "a-3a"
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made inside


class CannotCompose(RuntimeError):
    """The template and its data do not make a document; the message is the compiler's."""


def compose(template: bytes, files: Mapping[str, bytes]) -> DocumentToSign:
    """Compile `template`, which may read `files` by name (`data.json`, images, what it attaches)."""
    # A folder of its own, in memory where there is one: the compiler takes bytes that are not text from files only.
    with TemporaryDirectory(prefix="cancilleria-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for name, data in {"main.typ": template, **files}.items():
            (Path(folder) / name).write_bytes(data)
        try:
            found = typst.compile(
                Path(folder) / "main.typ", root=Path(folder), format="pdf", pdf_standards=STANDARD, font_paths=_fonts()
            )
        except (typst.TypstError, RuntimeError) as error:
            raise CannotCompose(str(error)) from error
    return DocumentToSign(found)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)

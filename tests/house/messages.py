"""Extracts every message people read, updates the English catalogue, compiles it. Run by `make messages`.

gettext's tools are not on a bare machine: Babel reads Python, and Django turns each template into what Babel can read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2] / "src" / "cancilleria"
FOLDER = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES"
# No dates of today: the same messages make the same bytes.
DAY = datetime(2026, 11, 24, tzinfo=UTC)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "translate": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def messages() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Message (or singular and plural) and the file it is in."""
    paths = [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]
    for path in sorted(p for p in paths if "/tests/" not in p.as_posix() and "/migrations/" not in p.as_posix()):
        text = path.read_text(encoding="utf-8")
        python = text if path.suffix == ".py" else templatize(text, origin=str(path))
        for _, message, _, _ in extract("python", io.BytesIO(python.encode()), KEYWORDS, options={"encoding": "utf-8"}):
            found = tuple(message) if isinstance(message, tuple | list) else message
            yield found, path.relative_to(SOURCE).as_posix()


def catalogue() -> Catalog:
    """The English catalogue with every message of the source, in the order of the source."""
    kept = read_po((FOLDER / "django.po").open("rb"), locale="en") if (FOLDER / "django.po").exists() else Catalog("en")
    made = Catalog(
        "en", project="Cancillería", version="1", fuzzy=False, charset="utf-8", creation_date=DAY, revision_date=DAY
    )
    for message, path in messages():
        if message and (not isinstance(message, str) or message.strip()):
            old = kept.get(message)
            made.add(message, old.string if old else None, locations=[(path, None)])
    return made


def compiled(found: Catalog) -> bytes:
    """The catalogue as gettext loads it."""
    buffer = io.BytesIO()
    write_mo(buffer, found)
    return buffer.getvalue()


def untranslated(found: Catalog) -> list[object]:
    """Messages without an English text."""
    return [m.id for m in found if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def main() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = catalogue()
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, found, width=120, omit_header=False, include_lineno=False)
    (FOLDER / "django.mo").write_bytes(compiled(found))
    missing = untranslated(found)
    print(f"{len(found)} messages, {len(missing)} without translation")
    for message in missing:
        print("  ", message)


if __name__ == "__main__":
    main()

"""The folder where an office's scanner leaves its files: one below `CANCILLERIA_SCANNER` for each organ, by its code.

An officer picks from it at the window. What was taken in leaves the folder: its bytes are in the store by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from cancilleria.kernel.documents.rules import MAX_BYTES
from cancilleria.kernel.organs.authority import Viewer
from cancilleria.kernel.organs.models import Organ

SHOWN = 12
SUFFIXES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})


@dataclass(frozen=True)
class Scanned:
    """A file that waits in the folder: its name, its kibibytes, and when the scanner wrote it."""

    name: str
    size: int
    at: datetime


def folder_of(viewer: Viewer) -> Path:
    """The folder of the viewer's own office."""
    return Path(settings.SCANNER) / Organ.objects.values_list("code", flat=True).get(pk=viewer.organ)


def waiting(viewer: Viewer) -> list[Scanned]:
    """The newest files of the office's folder; none when there is no folder."""
    found = [(path, path.stat()) for path in _files(viewer)]
    rows = [Scanned(p.name, -(-s.st_size // 1024), datetime.fromtimestamp(s.st_mtime, UTC)) for p, s in found]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:SHOWN]


def chosen(viewer: Viewer, names: Sequence[str]) -> list[ContentFile[bytes]]:
    """The files of these names, in this order. A name that is not in the folder is left out: it was taken meanwhile."""
    held = {path.name: path for path in _files(viewer)}
    return [ContentFile(held[name].read_bytes(), name=name) for name in names if name in held]


def clear(viewer: Viewer, names: Sequence[str]) -> None:
    """Take the files out of the folder, where its rights allow."""
    for path in _files(viewer):
        if path.name in names:
            try:
                path.unlink()
            except OSError:  # a folder of others may be read-only: the office empties it
                continue


def _files(viewer: Viewer) -> list[Path]:
    """Regular files, not links, of a kind and size that can be taken in: a name is only ever compared, never joined."""
    folder = folder_of(viewer)
    if not folder.is_dir():
        return []
    found = (p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file() and not p.is_symlink())
    return [p for p in found if 0 < p.stat().st_size <= MAX_BYTES]

"""The folder of backups, and the copies of files in it.

`bases/<instant>/datos` are base copies of the database, `wal` its archived log, `casa` the files of the installation. A base
copy is there whole, with its record `acta.json`, or is not one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# What is copied of CANCILLERIA_HOME besides the database and the keys. The log's checkpoint follows its tiles.
FOLDERS = (
    "archivos",
    "registro",
    "registro-*",
    "testigo",
    "testigos",
    "autoridades",
    "demostracion",
    "supresiones*",
    "origen.json",
)
RECORD, UNFINISHED = "acta.json", ".nuevo"


@dataclass(frozen=True)
class Base:
    """A base copy: whatever was committed by `ended` can be restored from it. A `foreign` one starts with that server's programs."""

    folder: Path
    ended: datetime
    foreign: bool = False


@dataclass(frozen=True)
class Place:
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "wal"

    @property
    def files(self) -> Path:
        return self.folder / "casa"

    def bases(self) -> list[Base]:
        """Whole base copies, oldest first."""
        return sorted(self._bases(), key=lambda found: found.ended)

    def _bases(self) -> Iterator[Base]:
        for record in (self.folder / "bases").glob(f"*/{RECORD}"):
            told = json.loads(record.read_text())
            yield Base(record.parent, datetime.fromisoformat(told["ended"]), told.get("server") == "another")


def copy_files(home: Path, target: Path) -> int:
    """Copy what is new or changed, each file whole on disk before its name is; returns how many.

    Nothing is ever deleted here: what erasure takes away is taken away again by the list that is replayed at restoring.
    """
    count = 0
    for pattern in FOLDERS:
        for folder in sorted(home.glob(pattern)):
            inside = folder.rglob("*") if folder.is_dir() else [folder]
            found = sorted((p for p in inside if _wanted(p)), key=lambda path: path.name == "checkpoint")
            count += sum(_copy(path, target / path.relative_to(home)) for path in found)
    return count


def _wanted(path: Path) -> bool:
    return path.is_file() and not path.name.endswith(UNFINISHED)


def _copy(source: Path, target: Path) -> bool:
    try:
        here = source.stat()
        if target.exists() and _mark(target.stat()) == _mark(here):
            return False
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        staging = target.with_name(target.name + UNFINISHED)
        shutil.copy2(source, staging)
    except FileNotFoundError:
        return False  # swept or erased in the meantime
    _sync(staging)
    staging.rename(target)
    _sync(target.parent)
    return True


def _mark(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The write-ahead log outside the cluster: archived segment by segment, or read back up to an instant.

The server's account reaches the folder by a descriptor it inherits, as it does its data (`server.py`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cancilleria.site.database.binaries import unprivileged_account

# Never written over: the same segment a second time must be the same bytes. On disk, name included, before it is told.
KEEP = (
    'if [ -e "{f}/%f" ]; then cmp -s "%p" "{f}/%f"; else '
    'cp "%p" "{f}/%f.nuevo" && sync "{f}/%f.nuevo" && mv "{f}/%f.nuevo" "{f}/%f" && sync "{f}"; fi'
)
# An unfinished segment is archived after this long: what a lost machine may cost at most.
ARCHIVE_SECONDS = 60


class Journal(Protocol):
    """Where segments go or come from: a folder, and the server's settings once it is reached at `path`."""

    @property
    def folder(self) -> Path: ...

    def settings(self, path: str) -> dict[str, str]: ...


@dataclass(frozen=True)
class Archive:
    """Every finished segment is copied to `folder`."""

    folder: Path

    def settings(self, path: str) -> dict[str, str]:
        command = KEEP.replace("{f}", path)
        return {"archive_mode": "on", "archive_command": command, "archive_timeout": str(ARCHIVE_SECONDS)}


@dataclass(frozen=True)
class Recovery:
    """Segments are read from `folder` until the instant `until` (ISO with zone); to their end when it is empty."""

    folder: Path
    until: str = ""

    def settings(self, path: str) -> dict[str, str]:
        told = {"restore_command": f'cp "{path}/%f" "%p"', "recovery_target_action": "promote"}
        return told | ({"recovery_target_time": self.until} if self.until else {})


def make_folder(folder: Path) -> None:
    """The archive's folder, which only the server's account may enter. Raises OSError where that cannot be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = unprivileged_account()
    if folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)

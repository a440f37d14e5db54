"""Bytes on a disk, under their SHA-256: temporary, fsync, rename, fsync of the folder (DECISIONS 21)."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FileStore:
    """Content-addressed files below `folder`, two levels deep."""

    folder: Path

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._path(sha256)
        if target.exists():
            # Touched, so that a sweep about to collect an unreferenced file sees that it is wanted again.
            os.utime(target)
        else:
            self._write(target, data)
        # Also of a file that was there: whoever renamed it may have been cut before its name was on disk.
        for folder in (target.parent, target.parent.parent, self.folder):
            self._sync(folder)
        return sha256

    @staticmethod
    def _write(target: Path, data: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        staging = target.with_name(f"{target.name}.{secrets.token_hex(6)}.nuevo")
        try:
            with staging.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            staging.rename(target)
        except OSError:
            staging.unlink(missing_ok=True)  # half a file on a disk that is full
            raise

    def get(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def is_whole(self, sha256: str) -> bool:
        """Whether the bytes are there and still have this digest."""
        try:
            return hashlib.sha256(self.get(sha256)).hexdigest() == sha256
        except (OSError, ValueError):
            return False

    def older_than(self, seconds: float) -> Iterator[str]:
        """Digests of files untouched for that long; left-over temporary files are removed on the way."""
        limit = time.time() - seconds
        for path in self.folder.glob("*/*/*"):
            if path.stat().st_mtime >= limit:
                continue
            if NAME.fullmatch(path.name):
                yield path.name
            else:
                path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise ValueError("not a digest")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    @staticmethod
    def _sync(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""The log as static files (C2SP tlog-tiles): tiles of 256 hashes, bundles of entries. Any web server or disk serves it."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cancilleria.kernel.register.merkle import HASH_BYTES, Node, perfect_root

WIDTH = 256
HEIGHT = 8
Reader = Callable[[str], bytes]


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`; N in groups of three digits, all but the last with an x. Level `entries` holds bundles."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes tile (level, index) has in the tree of `size` leaves; 0 when it does not exist."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def node_from(read: Reader, size: int) -> Node:
    """The `Node` of the tree of `size` leaves whose tiles `read` returns. Tiles are kept in memory for its life."""

    @lru_cache(maxsize=64)
    def tile(level: int, index: int) -> bytes:
        width = width_at(size, level, index)
        data = read(tile_path(level, index, width))
        if len(data) != width * HASH_BYTES:
            raise ValueError(f"{tile_path(level, index, width)} has {len(data)} bytes")
        return data

    def node(level: int, index: int) -> bytes:
        row, height = divmod(level, HEIGHT)
        first = index << height
        data = tile(row, first // WIDTH)
        at = first % WIDTH
        return perfect_root(data[at * HASH_BYTES : (at + (1 << height)) * HASH_BYTES])

    return node


def append(read: Reader, size: int, leaf_hashes: Sequence[bytes]) -> dict[str, bytes]:
    """Tiles that appear when `leaf_hashes` follow the first `size` leaves: every full one and the new partial ones."""
    made: dict[str, bytes] = {}
    fresh, level = list(leaf_hashes), 0
    while fresh:
        first, held = divmod(size, WIDTH)
        row = _split(read(tile_path(level, first, held))) + fresh if held else fresh
        fresh = []
        for start in range(0, len(row), WIDTH):
            hashes = row[start : start + WIDTH]
            tile = made[tile_path(level, first + start // WIDTH, len(hashes))] = b"".join(hashes)
            if len(hashes) == WIDTH:
                fresh.append(perfect_root(tile))
        size, level = size >> HEIGHT, level + 1
    return made


def append_entries(read: Reader, size: int, leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Entry bundles that appear when `leaves` follow the first `size`: each leaf behind its length in two bytes."""
    first, held = divmod(size, WIDTH)
    row = list(leaves)
    if held:
        row = list(read_bundle(read(tile_path("entries", first, held)))) + row
    return {
        tile_path("entries", first + start // WIDTH, len(chunk)): b"".join(struct.pack(">H", len(x)) + x for x in chunk)
        for start in range(0, len(row), WIDTH)
        for chunk in [row[start : start + WIDTH]]
    }


def read_bundle(data: bytes) -> Iterator[bytes]:
    """The leaves of an entry bundle. Raises ValueError when it is cut or has a tail."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("the bundle is cut")
        (length,) = struct.unpack_from(">H", data, at)
        if at + 2 + length > len(data):
            raise ValueError("the bundle is cut")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


@dataclass(frozen=True)
class Folder:
    """Published files in a folder, the log's first of all. A file is there whole, with its name on disk, or not at all."""

    path: Path

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Write every file (temporary, fsync, rename), then fsync the folders that hold them."""
        folders = {self._write(self.path / name, data) for name, data in files.items()}
        for folder in sorted(folders):
            _sync_folder(folder)

    @staticmethod
    def _write(target: Path, data: bytes) -> Path:
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(target.parent.parent)
        staging = target.with_name(target.name + ".nuevo")
        with staging.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        staging.rename(target)
        return target.parent


def overlay(files: Mapping[str, bytes], read: Reader) -> Reader:
    """Read from `files` first: the tree as it will be once they are published."""
    return lambda name: files[name] if name in files else read(name)


def _split(data: bytes) -> list[bytes]:
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def all_paths(size: int) -> Iterable[str]:
    """Every tile of the tree of `size` leaves, partial ones at their width, entry bundles included."""
    level = 0
    while (count := size >> (HEIGHT * level)) > 0:
        for index in range((count + WIDTH - 1) // WIDTH):
            yield tile_path(level, index, width_at(size, level, index))
            if level == 0:
                yield tile_path("entries", index, width_at(size, 0, index))
        level += 1

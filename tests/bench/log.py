"""The log alone: appending, and proving at ten million leaves."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import Row

from cancilleria.kernel.register import merkle, tiles

ENTRIES, BATCH, BIG = 200_000, 10_000, 10_000_000
TILE = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256))


def rows() -> Iterator[Row]:
    rate = append_rate()
    yield Row("log append (leaf hash, tiles, root)", rate, None, "entries/s", ">= 100,000", rate >= 100_000)
    took = proof_milliseconds()
    yield Row("inclusion proof at 10 M leaves, cold reader", took, None, "ms", "<= 1", took <= 1)


def append_rate() -> float:
    """Leaf hash, tiles written to a folder, and the root of every batch."""
    leaves = [b"%064d" % n for n in range(ENTRIES)]
    with tempfile.TemporaryDirectory() as folder:
        kept = tiles.Folder(Path(folder))
        began = time.perf_counter()
        for start in range(0, ENTRIES, BATCH):
            made = tiles.append(kept.read, start, [merkle.leaf_hash(leaf) for leaf in leaves[start : start + BATCH]])
            node = tiles.node_from(tiles.overlay(made, kept.read), start + BATCH)
            merkle.root_at(node, start + BATCH)
            kept.publish(made)
        return ENTRIES / (time.perf_counter() - began)


def proof_milliseconds(size: int = BIG) -> float:
    """Mean of many leaves; each proof reads its tiles anew, as a process that has just started would."""
    chosen = range(7, size, size // 200)
    began = time.perf_counter()
    for index in chosen:
        merkle.inclusion_proof(index, size, tiles.node_from(any_tile, size))
    return 1000 * (time.perf_counter() - began) / len(chosen)


def any_tile(name: str) -> bytes:
    """A tile of any log: what it costs to read does not hang on what is in it."""
    return TILE[: 32 * (int(name.rsplit("/", 1)[1]) if ".p/" in name else 256)]

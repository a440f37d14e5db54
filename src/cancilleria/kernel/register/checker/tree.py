"""The log's tree again: roots by a stack, tiles and bundles byte by byte as they were published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from cancilleria.kernel.register.checker.findings import Finding

WIDTH, HASH = 256, 32


def roots(hashes: Sequence[bytes], wanted: set[int]) -> dict[int, bytes]:
    """Roots at the wanted sizes, by the stack of perfect subtrees (not the recursion of the writer)."""
    found = {0: hashlib.sha256(b"").digest()} if 0 in wanted else {}
    stack: list[tuple[int, bytes]] = []
    for count, leaf in enumerate(hashes, 1):
        stack.append((0, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (height, right), (_, left) = stack.pop(), stack.pop()
            stack.append((height + 1, _node(left, right)))
        if count in wanted:
            total = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                total = _node(left, total)
            found[count] = total
    return found


def published_leaves(folder: Path, hashes: Sequence[bytes], size: int) -> list[bytes]:
    """Hashes of the first `size` leaves: ours, and beyond ours what the tiles say. Shorter when tiles are missing or cut."""
    found = list(hashes[:size])
    while len(found) < size:
        tile, at = divmod(len(found), WIDTH)
        row = _read(folder / _name("0", tile, min(WIDTH, size - tile * WIDTH)))[at * HASH :]
        found += [row[start : start + HASH] for start in range(0, len(row) - HASH + 1, HASH)]
        if not row or (len(found) < size and len(found) % WIDTH):
            break
    return found


def check_tiles(folder: Path, hashes: Sequence[bytes]) -> Iterator[Finding]:
    """Every tile and bundle that a reader of the tree over `hashes` asks for."""
    row, level = list(hashes), 0
    while row:
        for start in range(0, len(row), WIDTH):
            chunk = row[start : start + WIDTH]
            name = _name(str(level), start // WIDTH, len(chunk))
            if _read(folder / name) != b"".join(chunk):
                yield Finding("mosaico", name, "falta, o tiene otros bytes que los que dan las hojas")
            bundle = _name("entries", start // WIDTH, len(chunk))
            if level == 0 and _leaf_hashes(_read(folder / bundle)) != chunk:
                yield Finding("mosaico", bundle, "falta, o sus hojas publicadas no son las asentadas")
        row = [_perfect(row[start : start + WIDTH]) for start in range(0, len(row) - WIDTH + 1, WIDTH)]
        level += 1


def _leaf_hashes(bundle: bytes) -> list[bytes] | None:
    """Hashes of the leaves of a bundle, each behind its length in two bytes; None when it is cut or has a tail."""
    found, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or at + 2 > len(bundle):
            return None
        found.append(hashlib.sha256(b"\x00" + bundle[at + 2 : end]).digest())
        at = end
    return found


def _perfect(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = len(hashes) // 2
    return _node(_perfect(hashes[:half]), _perfect(hashes[half:]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _name(level: str, index: int, width: int) -> str:
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")

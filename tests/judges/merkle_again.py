"""A second verifier of the log, written from RFC 6962 alone and in another way: it knows whole trees, not indices.

It shares nothing with the project's own but the formats. Reads an exported folder (C2SP tlog-tiles).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """The proof or the folder does not hold."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def largest_power_below(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)


def root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = largest_power_below(len(hashes))
    return node(root(hashes[:k]), root(hashes[k:]))


def root_of_path(m: int, n: int, own: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path of leaf m in a tree of n leads to: from the top down, taking the path's end first."""
    if n == 1:
        if path:
            raise Refused("too long")
        return own
    if not path:
        raise Refused("too short")
    k = largest_power_below(n)
    *rest, last = path
    if m < k:
        return node(root_of_path(m, k, own, rest), last)
    return node(last, root_of_path(m - k, n - k, own, rest))


def check_inclusion(m: int, n: int, own: bytes, path: Sequence[bytes], top: bytes) -> None:
    if not 0 <= m < n or any(len(h) != 32 for h in path) or root_of_path(m, n, own, list(path)) != top:
        raise Refused("inclusion")


def check_consistency(m: int, n: int, proof: Sequence[bytes], old: bytes, new: bytes) -> None:
    """Rebuild both roots from the proof by the decomposition of section 2.1.2."""
    if m == n:
        if proof or old != new:
            raise Refused("equal sizes")
        return
    if not 0 <= m < n or any(len(h) != 32 for h in proof):
        raise Refused("sizes")
    if m == 0:
        if proof:
            raise Refused("an empty tree needs no proof")
        return
    rest = list(proof)
    found_old, found_new = _both(m, n, rest, True, old)
    if rest or found_old != old or found_new != new:
        raise Refused("consistency")


def _both(m: int, n: int, rest: list[bytes], whole: bool, old: bytes) -> tuple[bytes, bytes]:
    if m == n:
        shared = old if whole else _take(rest)
        return shared, shared
    k = largest_power_below(n)
    right = _take(rest)
    if m <= k:
        left_old, left_new = _both(m, k, rest, whole, old)
        return left_old, node(left_new, right)
    own_old, own_new = _both(m - k, n - k, rest, False, old)
    return node(right, own_old), node(right, own_new)


def _take(rest: list[bytes]) -> bytes:
    if not rest:
        raise Refused("too short")
    return rest.pop()


def read_folder(folder: Path, vkey: str) -> tuple[str, int]:
    """Recompute the root of an exported log from its entries, and check note, tiles of hashes and bundles."""
    name, _, key = vkey.split("+", 2)
    text, _, signatures = (folder / "checkpoint").read_text().partition("\n\n")
    origin, size_text, top = text.split("\n")
    if origin != name:
        raise Refused("origin")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
    own = [line for line in signatures.split("\n") if line.startswith(f"— {name} ")]
    if not own:
        raise Refused("unsigned")
    try:
        public.verify(base64.b64decode(own[0].rsplit(" ", 1)[1])[4:], (text + "\n").encode())
    except (InvalidSignature, ValueError) as error:
        raise Refused("signature") from error
    size = int(size_text)
    hashes = [leaf(data) for data in _entries(folder, size)]
    if len(hashes) != size or root(hashes) != base64.b64decode(top):
        raise Refused("root")
    for start in range(0, size, 256):
        if _tile(folder, "0", start // 256, min(256, size - start)) != b"".join(hashes[start : start + 256]):
            raise Refused("tile")
    return origin, size


def _entries(folder: Path, size: int) -> list[bytes]:
    found = []
    for start in range(0, size, 256):
        data = _tile(folder, "entries", start // 256, min(256, size - start))
        while data:
            length = int.from_bytes(data[:2], "big")
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    return found


def _tile(folder: Path, level: str, index: int, width: int) -> bytes:
    digits = f"{index:03d}" if index < 1000 else f"x{index // 1000:03d}/{index % 1000:03d}"
    return (folder / "tile" / level / (digits + ("" if width == 256 else f".p/{width}"))).read_bytes()

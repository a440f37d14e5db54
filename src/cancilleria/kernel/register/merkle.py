"""Merkle trees of RFC 6962 (hashing) and RFC 9162 section 2.1 (proofs), over SHA-256. Pure: no Django, no storage.

Trees are read through a `Node` function: `node(level, index)` is the hash of the perfect subtree over leaves
`index << level` up to `(index + 1) << level`. A list of leaves and a folder of tiles both give one.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence

HASH_BYTES = 32
PAIR = struct.Struct(f"{2 * HASH_BYTES}s")
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]


class ProofError(ValueError):
    """A proof does not prove what it claims, or is not a proof at all."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(row: bytes) -> bytes:
    """Root over hashes that lie one behind the other, as in a tile; their number is a power of two."""
    sha256, pairs = hashlib.sha256, PAIR.iter_unpack  # nine tenths of a proof's time are spent here
    while len(row) > HASH_BYTES:
        row = b"".join([sha256(b"\x01" + pair).digest() for (pair,) in pairs(row)])
    return row


def node_of(leaf_hashes: Sequence[bytes]) -> Node:
    """The `Node` of a list of leaf hashes, computed each time it is asked."""

    def node(level: int, index: int) -> bytes:
        return perfect_root(b"".join(leaf_hashes[index << level : (index + 1) << level]))

    return node


def range_root(node: Node, start: int, stop: int) -> bytes:
    """Root over leaves [start, stop), where start is a multiple of the largest power of two below stop - start."""
    width = stop - start
    if width & (width - 1) == 0:
        return node(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(range_root(node, start, middle), range_root(node, middle, stop))


def root_at(node: Node, size: int) -> bytes:
    """Root of the tree over the first `size` leaves; the empty tree's root is SHA-256 of nothing."""
    return range_root(node, 0, size) if size else EMPTY_ROOT


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root over a list of leaf hashes."""
    return root_at(node_of(leaf_hashes), len(leaf_hashes))


def inclusion_proof(leaf_index: int, tree_size: int, node: Node) -> list[bytes]:
    """Hashes that prove leaf `leaf_index` in the tree of `tree_size` leaves, nearest first (RFC 9162 2.1.3.1)."""
    if not 0 <= leaf_index < tree_size:
        raise ProofError(f"leaf {leaf_index} is not in a tree of {tree_size}")
    start, stop, proof = 0, tree_size, []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if leaf_index < middle:
            proof.append(range_root(node, middle, stop))
            stop = middle
        else:
            proof.append(range_root(node, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(size1: int, size2: int, node: Node) -> list[bytes]:
    """Hashes that prove that the tree of `size1` leaves is the beginning of that of `size2` (RFC 9162 2.1.4.1)."""
    if not 0 <= size1 <= size2:
        raise ProofError(f"{size1} is not a size before {size2}")
    if size1 in (0, size2):
        return []
    start, stop, whole, proof = 0, size2, True, []
    while stop != size1:
        middle = start + _split(stop - start)
        if size1 <= middle:
            proof.append(range_root(node, middle, stop))
            stop = middle
        else:
            proof.append(range_root(node, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(node, start, stop))
    return proof[::-1]


def verify_inclusion(leaf_index: int, tree_size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Return if `leaf_hash` is leaf `leaf_index` of the tree with this size and root; else raise ProofError.

    RFC 9162 section 2.1.3.2. The number of hashes must be exactly what index and size demand.
    """
    _check_integers(leaf_index, tree_size)
    _check_hashes(leaf_hash, root, *proof)
    if leaf_index >= tree_size:
        raise ProofError("the leaf index is not below the tree size")
    index, last, computed = leaf_index, tree_size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if index & 1 or index == last:
            computed = node_hash(sibling, computed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise ProofError("the proof is shorter than the tree is high")
    if computed != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Return if the tree (size1, root1) is the beginning of (size2, root2); else raise ProofError (RFC 9162 2.1.4.2)."""
    _check_integers(size1, size2)
    _check_hashes(root1, root2, *proof)
    if size1 > size2:
        raise ProofError("the first size is above the second")
    if size1 in (0, size2):
        _check_trivial(size1, size2, proof, root1, root2)
        return
    if not proof:
        raise ProofError("two different sizes need a proof")
    _walk_consistency(size1, size2, proof, root1, root2)


def _check_trivial(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    if proof:
        raise ProofError("these sizes need an empty proof")
    if size1 == 0 and root1 != EMPTY_ROOT:
        raise ProofError("the empty tree has another root")
    if size1 == size2 and root1 != root2:
        raise ProofError("two trees of the same size have different roots")


def _walk_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    hashes = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    first, second = size1 - 1, size2 - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if second == 0:
            raise ProofError("the proof is longer than the tree is high")
        if first & 1 or first == second:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            new = node_hash(new, sibling)
        first, second = first >> 1, second >> 1
    if second:
        raise ProofError("the proof is shorter than the tree is high")
    if (old, new) != (root1, root2):
        raise ProofError("the proof leads to other roots")


def _split(width: int) -> int:
    """The largest power of two below `width` (> 1)."""
    return 1 << ((width - 1).bit_length() - 1)


def _check_integers(*numbers: int) -> None:
    for number in numbers:
        if type(number) is not int or number < 0:
            raise ProofError(f"{number!r} is not a size or an index")


def _check_hashes(*hashes: bytes) -> None:
    for found in hashes:
        if not isinstance(found, bytes) or len(found) != HASH_BYTES:
            raise ProofError("a hash has not 32 bytes")

"""Merkle proofs: every tree up to 40 leaves by hand, larger ones by chance, and every way to be wrong."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.kernel.register import merkle, tiles
from cancilleria.kernel.register.merkle import ProofError

LEAVES = [merkle.leaf_hash(bytes([n % 256, n // 256])) for n in range(2000)]


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(hashes[:k]) + by_definition(hashes[k:])).digest()


@pytest.mark.parametrize("size", range(41))
def test_every_proof_of_small_trees_holds(size: int) -> None:
    hashes = LEAVES[:size]
    node, root = merkle.node_of(hashes), merkle.root(hashes)
    assert root == by_definition(hashes)
    for index in range(size):
        merkle.verify_inclusion(index, size, hashes[index], merkle.inclusion_proof(index, size, node), root)
    for old in range(size + 1):
        proof = merkle.consistency_proof(old, size, node)
        merkle.verify_consistency(old, size, proof, merkle.root(hashes[:old]), root)


@given(st.integers(1, 2000), st.data())
def test_no_changed_proof_holds(size: int, data: st.DataObject) -> None:
    hashes = LEAVES[:size]
    node, root = merkle.node_of(hashes), merkle.root(hashes)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, node)
    for wrong in ([*proof, bytes(32)], proof[:-1], [bytes(32), *proof[1:]]):
        if wrong != proof:
            with pytest.raises(ProofError):
                merkle.verify_inclusion(index, size, hashes[index], wrong, root)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(other, size, hashes[index], proof, root)


@given(st.integers(0, 2000), st.integers(0, 2000), st.data())
def test_no_forked_tree_is_consistent(a: int, b: int, data: st.DataObject) -> None:
    old, size = sorted((a, b))
    proof = merkle.consistency_proof(old, size, merkle.node_of(LEAVES[:size]))
    roots = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:size])
    merkle.verify_consistency(old, size, proof, *roots)
    if old:
        changed = list(LEAVES[:old])
        changed[data.draw(st.integers(0, old - 1))] = bytes(32)
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, size, proof, merkle.root(changed), roots[1])


WRONG_INCLUSIONS = {
    "an empty tree": (0, 0, LEAVES[0], [], merkle.EMPTY_ROOT),
    "an index beyond the size": (3, 3, LEAVES[0], [], LEAVES[0]),
    "a negative index": (-1, 1, LEAVES[0], [], LEAVES[0]),
    "a size that is a boolean": (0, True, LEAVES[0], [], LEAVES[0]),
    "a size that is a float": (0, 1.0, LEAVES[0], [], LEAVES[0]),
    "a short hash": (0, 1, LEAVES[0][:31], [], LEAVES[0]),
    "a proof for a tree of one": (0, 1, LEAVES[0], [LEAVES[1]], LEAVES[0]),
    "a text as hash": (0, 1, "x" * 32, [], LEAVES[0]),
    "another root": (0, 1, LEAVES[0], [], LEAVES[1]),
}
WRONG_CONSISTENCIES = {
    "equal sizes with a proof": (2, 2, [LEAVES[0]], LEAVES[0], LEAVES[0]),
    "equal sizes with other roots": (2, 2, [], LEAVES[0], LEAVES[1]),
    "an empty tree with another root": (0, 2, [], LEAVES[0], LEAVES[1]),
    "an empty tree with a proof": (0, 2, [LEAVES[0]], merkle.EMPTY_ROOT, LEAVES[1]),
    "sizes the wrong way round": (3, 2, [], LEAVES[0], LEAVES[1]),
    "no proof where one is needed": (1, 2, [], LEAVES[0], LEAVES[1]),
    "a negative size": (-1, 2, [], LEAVES[0], LEAVES[1]),
}


@pytest.mark.parametrize("given", WRONG_INCLUSIONS.values(), ids=WRONG_INCLUSIONS)
def test_an_impossible_inclusion_is_refused(given: tuple[object, ...]) -> None:
    with pytest.raises(ProofError):
        merkle.verify_inclusion(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", WRONG_CONSISTENCIES.values(), ids=WRONG_CONSISTENCIES)
def test_an_impossible_consistency_is_refused(given: tuple[object, ...]) -> None:
    with pytest.raises(ProofError):
        merkle.verify_consistency(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize("steps", [[1] * 5, [255, 1, 1], [256, 256], [100, 700, 3, 1197]])
def test_tiles_give_the_same_proofs_as_the_leaves(steps: list[int]) -> None:
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        files |= tiles.append(files.__getitem__, size, LEAVES[size : size + step])
        size += step
    node = tiles.node_from(files.__getitem__, size)
    assert merkle.root_at(node, size) == merkle.root(LEAVES[:size])
    for index in {0, size // 2, size - 1}:
        expected = merkle.inclusion_proof(index, size, merkle.node_of(LEAVES[:size]))
        assert merkle.inclusion_proof(index, size, node) == expected
    assert set(tiles.all_paths(size)) >= {name for name in files if name.endswith(f".p/{size % 256}")}


@pytest.mark.parametrize(("index", "path"), [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_paths_are_those_of_the_specification(index: int, path: str) -> None:
    assert tiles.tile_path(0, index) == f"tile/0/{path}"
    assert tiles.tile_path(1, index, 7) == f"tile/1/{path}.p/7"

"""The project's proofs, judged by a verifier written apart; and the other way round on changed input."""

from __future__ import annotations

import pytest
from tests.judges import merkle_again as other

from cancilleria.kernel.register import merkle

SIZES = range(1, 34)
LEAVES = [other.leaf(bytes([n])) for n in range(40)]


def reader(size: int) -> merkle.Node:
    """Nodes of the tree of the first `size` leaves, straight from the leaves."""
    return lambda level, index: other.root(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof_holds_for_both_and_no_changed_one(size: int) -> None:
    top = other.root(LEAVES[:size])
    for index in range(size):
        proof = list(merkle.inclusion_proof(index, size, reader(size)))
        other.check_inclusion(index, size, LEAVES[index], proof, top)
        merkle.verify_inclusion(index, size, LEAVES[index], proof, top)
        for wrong in changed(proof):
            with pytest.raises(other.Refused):
                other.check_inclusion(index, size, LEAVES[index], wrong, top)
            with pytest.raises(merkle.ProofError):
                merkle.verify_inclusion(index, size, LEAVES[index], wrong, top)


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof_holds_for_both_and_no_changed_one(size: int) -> None:
    new = other.root(LEAVES[:size])
    for old_size in range(1, size + 1):
        old = other.root(LEAVES[:old_size])
        proof = list(merkle.consistency_proof(old_size, size, reader(size)))
        other.check_consistency(old_size, size, proof, old, new)
        merkle.verify_consistency(old_size, size, proof, old, new)
        for wrong in changed(proof):
            with pytest.raises(other.Refused):
                other.check_consistency(old_size, size, wrong, old, new)
            with pytest.raises(merkle.ProofError):
                merkle.verify_consistency(old_size, size, wrong, old, new)


def changed(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with a hash too many, too few, and with each hash altered."""
    wrong = [[*proof, bytes(32)], [*proof[:-1]] if proof else [bytes(32)]]
    return wrong + [[*proof[:at], bytes([h[0] ^ 1]) + h[1:], *proof[at + 1 :]] for at, h in enumerate(proof)]

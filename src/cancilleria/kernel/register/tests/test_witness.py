"""Two witnesses, each with a key and a folder of its own: they cosign what grows, and refuse a history written again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cancilleria.kernel.register import merkle, receipt, tiles
from cancilleria.kernel.register.note import COSIGNATURE, Checkpoint, Note, Signer, with_signatures
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.witness import AskWitness, ForkSeen, Witness, WitnessAhead, follow, handler_for

LOG = Signer("registro.utopia.example", Ed25519PrivateKey.generate())


def leaves(count: int, *, changed: int = -1) -> list[bytes]:
    return [b"changed" if number == changed else f"leaf {number}".encode() for number in range(count)]


def publish(folder: Path, found: Sequence[bytes]) -> Note:
    """A whole log, signed with its own key, whatever was there before."""
    hashes = [merkle.leaf_hash(leaf) for leaf in found]
    note = LOG.sign(str(Checkpoint(LOG.name, len(found), merkle.root(hashes))))
    made = tiles.append(Folder(folder).read, 0, hashes)
    Folder(folder).publish(made)
    Folder(folder).publish({"checkpoint": str(note).encode()})
    return note


def witness(folder: Path, name: str) -> Witness:
    folder.mkdir()
    return Witness(Signer(name, Ed25519PrivateKey.generate()), {LOG.name: LOG.verifier()}, Folder(folder))


@contextmanager
def served(found: Witness, memory: Path) -> Iterator[AskWitness]:
    memory.mkdir(exist_ok=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_for(found)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield AskWitness(f"http://127.0.0.1:{server.server_port}", found.signer.verifier(COSIGNATURE), memory)
        server.shutdown()


def consistency(folder: Path):  # type: ignore[no-untyped-def]
    def proof(old: int, new: int) -> list[bytes]:
        return merkle.consistency_proof(old, new, tiles.node_from(Folder(folder).read, new))

    return proof


def test_a_witness_over_published_files_cosigns_what_grows(tmp_path: Path) -> None:
    second, log = witness(tmp_path / "archive", "archivo.utopia"), tmp_path / "log"
    log.mkdir()
    for size in (1, 5, 5, 300):
        note = publish(log, leaves(size))
        answer = follow(second, Folder(log).read)
        assert answer.status == 200
        cosigned = Note.parse(f"{note}{answer.body}")
        assert cosigned.verified_by(second.signer.verifier(COSIGNATURE)) is not None


@pytest.mark.parametrize("size", [4, 7, 9, 300])
def test_a_history_written_again_with_the_logs_own_key_is_refused_and_both_heads_are_kept(
    tmp_path: Path, size: int
) -> None:
    second, log = witness(tmp_path / "archive", "archivo.utopia"), tmp_path / "log"
    log.mkdir()
    honest = publish(log, leaves(7))
    assert follow(second, Folder(log).read).status == 200
    forged = publish(log, leaves(size, changed=3))
    assert follow(second, Folder(log).read).status == 422
    (kept,) = (tmp_path / "archive").glob("*.bifurcado")
    assert (str(honest) in kept.read_text(), str(forged) in kept.read_text()) == (True, True)
    assert second.last(LOG.name) == Checkpoint.parse(honest.text)


def test_two_witnesses_make_a_quorum_and_neither_follows_a_fork(tmp_path: Path) -> None:
    first, second = (witness(tmp_path / name, f"{name}.utopia") for name in ("ministry", "archive"))
    log, keys = tmp_path / "log", [one.signer.verifier(COSIGNATURE) for one in (first, second)]
    log.mkdir()
    with served(first, tmp_path / "m1") as ask_first, served(second, tmp_path / "m2") as ask_second:

        def proved(note: Note, found: Sequence[bytes], *asked: AskWitness) -> receipt.Verified:
            lines = "".join(line for ask in asked if (line := ask.cosign(str(note), consistency(log))))
            whole = with_signatures(note, Note.parse(f"{note}{lines}").signatures)
            hashes = [merkle.leaf_hash(leaf) for leaf in found]
            proof = tuple(merkle.inclusion_proof(3, len(found), merkle.node_of(hashes)))
            data = bytes(receipt.Receipt(3, proof, whole))
            return receipt.verify(data, hashes[3], logs=[LOG.verifier()], witnesses=keys, quorum=2)

        note = publish(log, leaves(8))
        assert proved(note, leaves(8), ask_first).witnessed is False
        assert proved(note, leaves(8), ask_first, ask_second).witnessed is True
        for size in (8, 12):
            forged = publish(log, leaves(size, changed=3))
            for ask in (ask_first, ask_second):
                with pytest.raises(ForkSeen, match="otra historia"):
                    ask.cosign(str(forged), consistency(log))
            assert proved(forged, leaves(size, changed=3)).witnessed is False
        with pytest.raises(WitnessAhead):
            ask_first.cosign(str(publish(log, leaves(5))), consistency(log))

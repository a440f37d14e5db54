"""Two logs in one house: receipts of both hold, each head of the post is an act of the capital, a fork is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from cancilleria.kernel.organs.actions import ForkedLog, note_closed_log, note_head
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.verbs import ClosedLog
from cancilleria.kernel.register import doors, merkle, receipt, recovery, tiles
from cancilleria.kernel.register.actions import Recorded
from cancilleria.kernel.register.checker import Log, check
from cancilleria.kernel.register.models import Checkpoint, Entry, Leaf
from cancilleria.kernel.register.note import Note, Signer
from cancilleria.kernel.register.queries import receipt_for
from cancilleria.kernel.register.sequencer import LogBehind, Sequencer
from cancilleria.kernel.register.tests.invented import recording
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.testing.cast import on_stage
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]


class Node:
    """One log: its sequencer, and entries placed in it."""

    def __init__(self, name: str, folder: Path, as_worker: AsWorker) -> None:
        self.as_worker = as_worker
        self.sequencer = Sequencer(Signer(name, Ed25519PrivateKey.generate()), Folder(folder))
        with as_worker():
            self.sequencer.start()

    @property
    def key(self):  # type: ignore[no-untyped-def]
        return self.sequencer.signer.verifier()

    def place(self) -> None:
        with self.as_worker():
            while self.sequencer.step():
                continue

    def record(self, count: int = 1) -> Recorded:
        with doors.log_origin.held(self.sequencer.origin), transaction.atomic():
            made = [recording() for _ in range(count)]
        self.place()
        return made[-1]

    def head(self) -> Note:
        return Note.parse(Checkpoint.objects.filter(origin=self.sequencer.origin).latest("size").note)

    def proof(self, old: int, new: int) -> list[bytes]:
        return merkle.consistency_proof(old, new, tiles.node_from(self.sequencer.folder.read, new))


@pytest.fixture
def capital(tmp_path: Path, as_worker: AsWorker) -> Iterator[Node]:
    with on_stage():
        yield Node("capital.example/log", tmp_path / "capital", as_worker)


@pytest.fixture
def post(tmp_path: Path, as_worker: AsWorker, capital: Node) -> Node:
    return Node("post.example/log", tmp_path / "post", as_worker)


def organ() -> Organ:
    return Organ.objects.order_by("key")[0]


def size(node: Node) -> int:
    return int(node.head().text.split("\n")[1])


def test_receipts_of_two_origins_hold_side_by_side(capital: Node, post: Node) -> None:
    capital.place()
    here, there = capital.record(), post.record(3)
    again = capital.record(2)
    with (
        doors.log_origin.held(capital.sequencer.origin),
        doors.log_files.held(capital.sequencer.folder),
        doors.former_files.held(lambda name: {post.key.name: post.sequencer.folder}[name]),
    ):
        for node, made in ((capital, here), (post, there), (capital, again)):
            proof = receipt_for(made.id)
            assert proof is not None
            found = receipt.verify(proof, made.leaf_hash, logs=[capital.key, post.key])
            assert found.origin == node.sequencer.origin
            with pytest.raises(merkle.ProofError):
                receipt.verify(proof, made.leaf_hash, logs=[(post if node is capital else capital).key])
    assert (
        check(
            origin=capital.key.name,
            public_keys=[capital.key.public],
            folder=capital.sequencer.folder.path,
            closed=[Log(post.key.name, [post.key.public], post.sequencer.folder.path)],
        )
        == []
    )
    alone = check(origin=capital.key.name, public_keys=[capital.key.public], folder=capital.sequencer.folder.path)
    assert [str(found) for found in alone] == ["registro: post.example/log: 3 hojas de un registro que nadie conoce"]


def test_a_head_of_a_post_becomes_an_act_of_the_capital_once(capital: Node, post: Node) -> None:
    post.record(2)
    first, old = post.head(), size(post)
    with doors.log_origin.held(capital.sequencer.origin):
        seen = verify_action(
            lambda: note_head(actor=SYSTEM, organ=organ(), note=first, key=post.key), records=["log.seen"]
        )
        assert seen is not None
        verify_action(lambda: note_head(actor=SYSTEM, organ=organ(), note=first, key=post.key), records=[])
    capital.place()
    assert Leaf.objects.get(entry_id=seen.id).origin == capital.key.name
    assert Entry.objects.get(pk=seen.id).facts["size"] == old
    post.record(5)
    proof = post.proof(old, size(post))
    with doors.log_origin.held(capital.sequencer.origin):
        with pytest.raises(ForkedLog):
            note_head(actor=SYSTEM, organ=organ(), note=post.head(), key=post.key)
        verify_action(
            lambda: note_head(actor=SYSTEM, organ=organ(), note=post.head(), key=post.key, proof=proof),
            records=["log.seen"],
        )
        with pytest.raises(ForkedLog):  # back to what it was
            note_head(actor=SYSTEM, organ=organ(), note=first, key=post.key, proof=proof)


def test_a_head_signed_by_another_and_an_actor_without_the_power_are_refused(capital: Node, post: Node) -> None:
    other = Signer(post.key.name, Ed25519PrivateKey.generate())
    with pytest.raises(ForkedLog, match="not signed"):
        note_head(actor=SYSTEM, organ=organ(), note=other.sign(post.head().text), key=post.key)
    with pytest.raises(NotAuthorised):
        note_head(actor=CITIZEN, organ=organ(), note=post.head(), key=post.key)


def test_the_first_act_of_a_new_log_names_the_one_it_follows(capital: Node) -> None:
    closed = ClosedLog(origin="capital.example/old", published=9, rows=7, root="00" * 32)
    with doors.log_origin.held(capital.sequencer.origin):
        verify_action(
            lambda: note_closed_log(actor=SYSTEM, organ=organ(), closed=closed, reason="Ensayo"), records=["log.closed"]
        )


def test_missing_leaves_come_back_only_as_they_were_published(capital: Node, as_worker: AsWorker) -> None:
    capital.place()
    start = size(capital)
    point = transaction.savepoint()
    lost = capital.record(3)
    published = size(capital)
    with as_worker():
        rows = list(recovery.rows_from(capital.key.name, start))
    transaction.savepoint_rollback(point)
    folder = capital.sequencer.folder
    with as_worker():
        with pytest.raises(LogBehind):
            capital.sequencer.start()
        with pytest.raises(recovery.CannotBring, match="La copia llega"):
            recovery.bring(rows[:-1], key=capital.key, folder=folder)
        with pytest.raises(recovery.CannotBring, match="Falta la hoja"):
            recovery.bring(rows[1:], key=capital.key, folder=folder)
        changed = rows[0].replace('"leaf": "\\\\x', '"leaf": "\\\\x20', 1)
        assert changed != rows[0]
        with pytest.raises(recovery.CannotBring, match="no es la publicada"):
            recovery.bring([changed, *rows[1:]], key=capital.key, folder=folder)
        assert not Entry.objects.filter(pk=lost.id).exists()
        assert recovery.bring(rows, key=capital.key, folder=folder) == (start, published)
        capital.sequencer.start()
    assert check(origin=capital.key.name, public_keys=[capital.key.public], folder=folder.path) == []
    capital.record()
    assert size(capital) == published + 1

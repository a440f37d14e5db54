"""The log: sequencing, publishing, receipts, witness, checker. Each test has its own folder and keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection, transaction

from cancilleria.kernel.register import merkle, queries, receipt
from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.models import Checkpoint
from cancilleria.kernel.register.note import Note
from cancilleria.kernel.register.sequencer import LogBehind, Sequencer
from cancilleria.kernel.register.tests.invented import SHOWN, recording
from cancilleria.kernel.register.witness import AskWitness, ForkSeen

pytestmark = pytest.mark.django_db
ORIGIN = "log.example/utopia"
AsWorker = Callable[[], AbstractContextManager[None]]


def findings(sequencer: Sequencer) -> list[str]:
    key = sequencer.signer.verifier().public
    return [str(f) for f in check(origin=ORIGIN, public_keys=[key], folder=sequencer.folder.path)]


def test_every_entry_gets_a_place_and_a_receipt(sequencer: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        made = [recording() for _ in range(5)] + [recording(SHOWN)]
    assert queries.receipt_for(made[0].id) is None
    with as_worker():
        assert sequencer.step() == 6
    for recorded in made:
        proof = queries.receipt_for(recorded.id)
        assert proof is not None
        verified = receipt.verify(proof, recorded.leaf_hash, logs=[sequencer.signer.verifier()])
        assert (verified.size, verified.witnessed) == (6, False)
    assert findings(sequencer) == []


def test_the_log_grows_across_tiles_and_old_receipts_still_hold(sequencer: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        first = recording()
    with as_worker():
        sequencer.step()
    old = queries.receipt_for(first.id)
    with transaction.atomic():
        for _ in range(300):
            recording()
    with as_worker():
        assert sequencer.step() == 300
    assert (sequencer.folder.path / "tile/0/000").stat().st_size == 256 * 32
    assert (sequencer.folder.path / "tile/0/001.p/45").exists()
    assert old is not None
    assert receipt.verify(old, first.leaf_hash, logs=[sequencer.signer.verifier()]).size == 1
    assert findings(sequencer) == []


def test_a_receipt_of_another_entry_is_refused(sequencer: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        one, other = recording(), recording()
    with as_worker():
        sequencer.step()
    proof = queries.receipt_for(one.id)
    assert proof is not None
    with pytest.raises(merkle.ProofError):
        receipt.verify(proof, other.leaf_hash, logs=[sequencer.signer.verifier()])


def test_a_witness_cosigns_and_the_receipt_says_so(
    sequencer: Sequencer, witness: AskWitness, as_worker: AsWorker
) -> None:
    watched = Sequencer(sequencer.signer, sequencer.folder, (witness,))
    with transaction.atomic():
        recorded = recording()
    with as_worker():
        watched.step()
    proof = queries.receipt_for(recorded.id)
    assert proof is not None
    verified = receipt.verify(
        proof, recorded.leaf_hash, logs=[sequencer.signer.verifier()], witnesses=[witness.key], quorum=1
    )
    assert verified.witnessed
    published = Note.parse(sequencer.folder.read("checkpoint").decode())
    assert published.verified_by(witness.key)


def test_a_witness_refuses_a_forked_log(sequencer: Sequencer, witness: AskWitness, as_worker: AsWorker) -> None:
    watched = Sequencer(sequencer.signer, sequencer.folder, (witness,))
    with transaction.atomic():
        recording()
    with as_worker():
        watched.step()
    from_elsewhere = sequencer.signer.sign(f"{ORIGIN}\n1\n{'A' * 43}=\n")
    with pytest.raises(ForkSeen):
        witness.cosign(str(from_elsewhere), lambda *_: [])


def test_a_log_that_forked_raises_the_alarm_and_goes_on_without_the_witness(
    sequencer: Sequencer, witness: AskWitness, as_worker: AsWorker, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = sequencer.signer.sign(f"{ORIGIN}\n1\n{'A' * 43}=\n")
    assert witness.cosign(str(elsewhere), lambda *_: []) is not None  # it saw another history first
    with transaction.atomic():
        entry = recording()
    with as_worker():
        assert Sequencer(sequencer.signer, sequencer.folder, (witness,)).step() == 1
    assert [row.levelname for row in caplog.records if "otra historia" in row.message] == ["CRITICAL"]
    given = queries.receipt_for(entry.id)
    assert given is not None
    assert queries.witness_names(receipt.parse(given).checkpoint) == []


def test_files_lost_in_a_crash_are_published_again(sequencer: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        for _ in range(3):
            recording()
    with as_worker():
        sequencer.step()
        for lost in ("checkpoint", "tile/0/000.p/3"):
            (sequencer.folder.path / lost).unlink()
        assert findings(sequencer) == [
            "punto de control: publicado: no está: nadie de fuera puede verificar; al reiniciar se publica de nuevo",
            "mosaico: tile/0/000.p/3: falta, o tiene otros bytes que los que dan las hojas",
        ]
        sequencer.start()
    assert findings(sequencer) == []


def test_a_database_behind_the_published_log_stops_the_sequencer(sequencer: Sequencer, as_worker: AsWorker) -> None:
    ahead = sequencer.signer.sign(f"{ORIGIN}\n9\n{'A' * 43}=\n")
    sequencer.folder.publish({"checkpoint": str(ahead).encode()})
    with as_worker(), pytest.raises(LogBehind, match="faltan del 0 al 8"):
        sequencer.start()
    assert Checkpoint.objects.count() == 1


TAMPERINGS = {
    "a leaf": "UPDATE register_entry SET leaf = leaf || '\\x20'",
    "a number": "UPDATE register_entry SET number = number + 1",
    "a fact": 'UPDATE register_entry SET facts = \'{"piece": "queen"}\'',
    "an actor": "UPDATE register_entry SET actor = 'posting:other'",
    "a time": "UPDATE register_entry SET recorded_at = recorded_at + interval '1 second'",
    "subjects": "UPDATE register_entry SET subjects = '{x}'",
    "a private part": "UPDATE register_entry_private SET part = '\\x7b7d0a'",
    "a leaf of the log": "UPDATE register_leaf SET leaf_hash = '\\x00'",
    "a root": "UPDATE register_checkpoint SET root = '\\x00' WHERE size > 0",
    "a note": "UPDATE register_checkpoint SET note = replace(note, 'utopia', 'otra')",
    "a deletion": "DELETE FROM register_entry_private; DELETE FROM register_leaf; DELETE FROM register_entry",
    "a book": "UPDATE register_book SET last_number = last_number + 5",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_the_checker_finds_what_the_owner_changed(sequencer: Sequencer, as_worker: AsWorker, statement: str) -> None:
    with transaction.atomic():
        recording(private={"name": "Carla Inventada"})
    with as_worker():
        sequencer.step()
    assert findings(sequencer) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE cancilleria_owner")
        for table in ("entry", "entry_private", "leaf", "checkpoint", "book"):
            cursor.execute(f"ALTER TABLE register_{table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("SET LOCAL ROLE cancilleria_app")
    assert findings(sequencer) != []


def test_the_checker_finds_a_changed_tile(sequencer: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        recording()
    with as_worker():
        sequencer.step()
    tile = sequencer.folder.path / "tile/0/000.p/1"
    tile.write_bytes(bytes(32))
    assert findings(sequencer) == ["mosaico: tile/0/000.p/1: falta, o tiene otros bytes que los que dan las hojas"]

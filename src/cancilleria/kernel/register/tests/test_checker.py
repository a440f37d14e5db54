"""What the checker says of the published log and of the witness's words: each tampered copy is named, no delay is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.models import Checkpoint
from cancilleria.kernel.register.note import Note, Signer
from cancilleria.kernel.register.queries import cosigned
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tests.invented import SHOWN, recording
from cancilleria.kernel.register.witness import AskWitness

pytestmark = pytest.mark.django_db
ORIGIN = "log.example/utopia"
AsWorker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def watched(sequencer: Sequencer, witness: AskWitness, as_worker: AsWorker) -> Sequencer:
    """A published log of three leaves, with the witness's word, and one of five that the witness saw too."""
    made = Sequencer(sequencer.signer, sequencer.folder, (witness,))
    for many in (3, 2):
        with transaction.atomic():
            for _ in range(many):
                recording(SHOWN)
        with as_worker():
            made.step()
    return made


def told(sequencer: Sequencer) -> str:
    key, (ask,) = sequencer.signer.verifier().public, sequencer.witnesses
    found = check(
        origin=ORIGIN, public_keys=[key], folder=sequencer.folder.path, witnesses={ask.key.name: [ask.key.public]},
        seen=ask.known_size(ORIGIN), patience=0,
    )  # fmt: skip
    return "\n".join(map(str, found))


def published(sequencer: Sequencer) -> str:
    return sequencer.folder.read("checkpoint").decode()


def publish(sequencer: Sequencer, text: str) -> None:
    (sequencer.folder.path / "checkpoint").write_bytes(text.encode())


def as_owner(*statements: str, given: Sequence[str] | None = None) -> None:
    """What the owner of the database can do: triggers off, then anything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE cancilleria_owner")
        for table in ("entry", "entry_private", "leaf", "checkpoint", "book", "cosignature"):
            cursor.execute(f"ALTER TABLE register_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, given)
        cursor.execute("SET LOCAL ROLE cancilleria_app")


def test_a_log_that_a_witness_follows_has_nothing_to_tell(watched: Sequencer) -> None:
    assert told(watched) == ""


def test_what_is_published_may_lag_behind_the_rows(watched: Sequencer, as_worker: AsWorker) -> None:
    before = published(watched)
    with transaction.atomic():
        recording()
    with as_worker():
        Sequencer(watched.signer, watched.folder).step()  # its witness is silent
    assert told(watched) == ""
    publish(watched, before)
    (watched.folder.path / "tile/0/000.p/6").unlink()
    assert told(watched) == ""


def test_a_published_head_below_what_a_witness_saw_is_an_old_one_put_back(watched: Sequencer) -> None:
    publish(watched, str(cosigned(Checkpoint.objects.get(size=3))))
    assert "tiene 3 asientos y un testigo ya vio 5" in told(watched)


def test_a_published_head_above_the_rows_says_that_rows_are_missing(watched: Sequencer) -> None:
    as_owner(
        "DELETE FROM register_cosignature WHERE size = 5", "DELETE FROM register_checkpoint WHERE size = 5",
        "DELETE FROM register_leaf WHERE index >= 3",
        "DELETE FROM register_entry_private WHERE entry_id NOT IN (SELECT entry_id FROM register_leaf)",
        "DELETE FROM register_entry WHERE id NOT IN (SELECT entry_id FROM register_leaf)",
        "UPDATE register_book SET last_number = 3",
    )  # fmt: skip
    found = told(watched)
    assert "tiene 5 asientos y la base de datos 3" in found
    publish(watched, str(cosigned(Checkpoint.objects.get(size=3))))
    assert told(watched) == "testigo: 5: un testigo vio 5 asientos y la base de datos tiene 3: faltan filas"


def test_a_head_that_the_log_did_not_sign_is_named(watched: Sequencer) -> None:
    text = Note.parse(published(watched)).text
    publish(watched, str(Signer(ORIGIN, Ed25519PrivateKey.generate()).sign(text)))
    assert "la firma del registro no vale" in told(watched)


def test_a_head_that_the_key_signed_over_another_history_is_named(watched: Sequencer) -> None:
    publish(watched, str(watched.signer.sign(f"{ORIGIN}\n5\n{base64.b64encode(bytes(32)).decode()}\n")))
    found = told(watched)
    assert "cuentan historias distintas" in found
    assert "le falta la palabra de testigo.example" in found


def test_a_head_of_a_size_that_was_never_signed_is_named(watched: Sequencer) -> None:
    four = str(Checkpoint.objects.get(size=3).note).replace("\n3\n", "\n4\n")
    as_owner("DELETE FROM register_cosignature WHERE size = 5")
    publish(watched, four)
    assert "nunca firmó uno de 4 asientos" in told(watched)


def test_every_changed_byte_of_the_published_head_is_found(watched: Sequencer) -> None:
    whole = watched.folder.read("checkpoint")
    for at in range(len(whole)):
        changed = bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]])
        (watched.folder.path / "checkpoint").write_bytes(changed)
        assert told(watched) != "", (at, changed)
    for cut in (b"", whole[:-1], whole[: len(whole) // 2], whole + b"\n", whole + whole.splitlines(keepends=True)[-1]):
        (watched.folder.path / "checkpoint").write_bytes(cut)
        assert told(watched) != "", cut


def test_a_witness_word_that_is_not_its_own_is_named(watched: Sequencer, witness: AskWitness) -> None:
    other = Signer(witness.key.name, Ed25519PrivateKey.generate()).cosign(Note.parse(published(watched)).text, time=1)
    as_owner("UPDATE register_cosignature SET line = %s WHERE size = 5", given=[str(other)])
    assert "testigo: testigo.example 5: su firma no vale" in told(watched)
    publish(watched, str(cosigned(Checkpoint.objects.get(size=5))))
    assert "lleva una firma de nadie conocido: testigo.example" in told(watched)


def test_a_witness_word_taken_away_is_named(watched: Sequencer) -> None:
    publish(watched, str(Checkpoint.objects.get(size=5).note))
    assert "le falta la palabra de testigo.example" in told(watched)


def test_a_witness_word_deleted_from_the_rows_is_named(watched: Sequencer) -> None:
    as_owner("DELETE FROM register_cosignature WHERE size = 5")
    assert "lleva la palabra de testigo.example y la base de datos ya no la tiene" in told(watched)


def test_the_word_of_a_witness_that_is_asked_no_more_is_no_finding(watched: Sequencer) -> None:
    key, new = watched.signer.verifier().public, {"other.example": [bytes(32)]}
    found = check(origin=ORIGIN, public_keys=[key], folder=watched.folder.path, witnesses=new, patience=0)
    assert found == []


def test_a_published_bundle_with_other_leaves_is_named(watched: Sequencer) -> None:
    bundle = watched.folder.path / "tile/entries/000.p/5"
    whole = bundle.read_bytes()
    for changed in (whole[:-1], whole + b"\0", whole.replace(b"rook", b"king", 1) + b"", b""):
        if changed != whole:
            bundle.write_bytes(changed)
            assert "mosaico: tile/entries/000.p/5" in told(watched)


def test_the_tiles_that_receipts_are_made_from_are_read_too(watched: Sequencer, as_worker: AsWorker) -> None:
    with transaction.atomic():
        recording()
    with as_worker():
        Sequencer(watched.signer, watched.folder).step()
    (watched.folder.path / "tile/0/000.p/5").write_bytes(bytes(5 * 32))
    assert told(watched) == "mosaico: tile/0/000.p/5: falta, o tiene otros bytes que los que dan las hojas"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_entry SET classification = 'reservado'",
        "UPDATE register_entry SET alg = 'otro'",
        "UPDATE register_entry SET v = 2",
    ],
)
def test_columns_that_the_bytes_speak_of_are_compared(watched: Sequencer, statement: str) -> None:
    as_owner(statement)
    assert "asiento" in told(watched)

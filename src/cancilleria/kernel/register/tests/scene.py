"""A whole small log to tamper with: acts, private parts, files, heads, a witness, and what everybody can check of it."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from cancilleria.kernel.register.actions import erase_private
from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.models import ANNULS, Leaf
from cancilleria.kernel.register.note import COSIGNATURE, Signer
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tests.invented import ERASED, MOVED, ORGAN, SHOWN, ZONE, recording
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.verbs import Facts
from cancilleria.kernel.register.witness import Answer, AskWitness, Witness

ORIGIN = "log.example/utopia"
TABLES = ("entry", "entry_private", "leaf", "checkpoint", "book", "cosignature", "unsequenced")
AsWorker = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Beside(AskWitness):
    """Asks a witness in the same process, as it would by HTTP."""

    witness: Witness | None = None

    def _post(self, body: str) -> Answer:
        assert self.witness is not None
        return self.witness.add_checkpoint(body)


@dataclass
class Scene:
    """A log whose first `seen` leaves a witness cosigned. `home` holds log/, files/, memory/ and, far away, witness/."""

    sequencer: Sequencer
    ask: Beside
    home: Path
    chance: random.Random
    as_worker: AsWorker
    seen: int = 0

    @property
    def log(self) -> Path:
        return self.sequencer.folder.path

    def findings(self) -> list[str]:
        """What the checker says, with the keys everybody has."""
        found = check(
            origin=ORIGIN, public_keys=[self.sequencer.signer.verifier().public], folder=self.log, files=self.is_whole,
            witnesses={self.ask.key.name: [self.ask.key.public]}, seen=self.ask.known_size(ORIGIN), patience=0,
        )  # fmt: skip
        return [str(one) for one in found]

    def witness_refuses(self) -> bool:
        """Whether the witness, asked to follow what is published, gives no word."""
        asking = Sequencer(self.sequencer.signer, self.sequencer.folder)
        try:
            return self.ask.cosign(self.sequencer.folder.read("checkpoint").decode(), asking._consistency) is None
        except (RuntimeError, ValueError, OSError):
            return True

    def is_whole(self, sha256: str) -> bool:
        try:
            return hashlib.sha256((self.home / "files" / sha256).read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def act(self, many: int = 1) -> None:
        """Acts of every kind: open and opaque, with private parts, subjects and files."""
        with transaction.atomic():
            for _ in range(many):
                data = self.chance.randbytes(self.chance.randint(20, 200))
                sha256 = hashlib.sha256(data).hexdigest()
                (self.home / "files" / sha256).write_bytes(data)
                recording(
                    self.chance.choice([SHOWN, MOVED]), documents=[sha256],
                    private={"name": "Carla Inventada"}, subjects=["person:carla"],
                )  # fmt: skip

    def step(self, *, watched: bool) -> None:
        witnesses = (self.ask,) if watched else ()
        with self.as_worker():
            Sequencer(self.sequencer.signer, self.sequencer.folder, witnesses).step()
        if watched:
            self.seen = Leaf.objects.count()

    def rows(self, statement: str, *given: object) -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return [tuple(row) for row in cursor.fetchall()]

    def run(self, statement: str, *given: object) -> None:
        """Something only the owner of the database may do."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE cancilleria_owner")
            cursor.execute(statement, given)
            cursor.execute("SET LOCAL ROLE cancilleria_app")

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is done to rows and files inside is as if it had not been."""
        copy = self.home.with_name("copy")
        shutil.copytree(self.home, copy)
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            shutil.rmtree(self.home)
            copy.rename(self.home)


@contextmanager
def scene(home: Path, chance: random.Random, as_worker: AsWorker, leaves: int) -> Iterator[Scene]:
    """A log of `leaves` acts that its witness has followed, with one act annulled and one part erased. Triggers are off, and
    nothing waits for a disk: all of it is undone."""
    with mock.patch("os.fsync"):
        yield _made(home, chance, as_worker, leaves)


def _made(home: Path, chance: random.Random, as_worker: AsWorker, leaves: int) -> Scene:
    for name in ("log", "files", "memory", "witness"):
        (home / name).mkdir(parents=True)
    signer, its = Signer(ORIGIN, Ed25519PrivateKey.generate()), Signer("witness.example", Ed25519PrivateKey.generate())
    witness = Witness(its, {ORIGIN: signer.verifier()}, Folder(home / "witness"))
    ask = Beside("", its.verifier(COSIGNATURE), home / "memory", witness)
    made = Scene(Sequencer(signer, Folder(home / "log")), ask, home, chance, as_worker)
    with as_worker():
        made.sequencer.start()
    with transaction.atomic():
        first, other = recording(private={"name": "Diego Inventado"}), recording(SHOWN)
        recording(SHOWN, relation=(ANNULS, other.id))
        erase_private(target=first.id, verb=ERASED, organ=ORGAN, zone=ZONE, actor="posting:alicia", facts=Facts())
    while (left := leaves - made.seen) > 0:
        made.act(min(left, chance.randint(1, 1 + leaves // 4)))
        made.step(watched=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        made.run(f"ALTER TABLE register_{table} DISABLE TRIGGER USER")
    return made

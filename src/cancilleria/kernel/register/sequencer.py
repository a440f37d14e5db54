"""Gives entries their place in the log. The database decides, files follow (DECISIONS 7 and 8).

One holder at a time (advisory lock). One transaction writes leaves and the signed head; then tiles; then the checkpoint.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.utils import timezone

from cancilleria.kernel.register import merkle, tiles
from cancilleria.kernel.register.models import Checkpoint, Cosignature, Entry, Leaf, Unsequenced
from cancilleria.kernel.register.note import Checkpoint as Head
from cancilleria.kernel.register.note import Note, NoteError, Signer, VerifierKey, with_signatures
from cancilleria.kernel.register.queries import cosigned
from cancilleria.kernel.register.witness import AskWitness, ForkSeen, WitnessAhead

log = logging.getLogger("cancilleria.register")
LOCK = 0x63616E63  # "canc": one sequencer for each database
BATCH = 10_000


class LogBehind(RuntimeError):
    """The published or witnessed log is longer than the database's: a restored backup. Nothing may be signed."""


def _waiting() -> QuerySet[Entry]:
    waiting = Entry.objects.filter(unsequenced__isnull=False).order_by("recorded_at", "pk")
    return waiting.only("leaf", "leaf_hash", "recorded_at")


def _release(cursor: CursorWrapper) -> None:
    """Give the lock back; a connection that cannot is ended, or it would go back to its pool and hold it for ever."""
    try:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    except DatabaseError:
        connection.connection.close()
        raise


@dataclass(frozen=True)
class Sequencer:
    """The log of one node: its signer, its folder, and the witnesses it asks."""

    signer: Signer
    folder: tiles.Folder
    witnesses: Sequence[AskWitness] = ()
    former: Sequence[Signer] = ()  # keys it had: they sign too, so that whoever knows an old one follows

    @property
    def origin(self) -> str:
        return self.signer.name

    def start(self) -> None:
        """Compare rows with what was published or witnessed, then publish again what a crash may have left out.

        Raises LogBehind when files or a witness know more leaves than the rows: signing would fork the log.
        """
        rows = self._newest()
        size = rows.size if rows else 0
        seen = max([self._published_size(), *(ask.known_size(self.origin) for ask in self.witnesses)], default=0)
        if seen > size:
            raise LogBehind(
                f"El registro publicado o atestiguado tiene {seen} asientos y la base de datos {size}: faltan del "
                f"{size} al {seen - 1}. Reimporte esas hojas, o cierre este registro y abra un origen nuevo."
            )
        if rows is None:
            with transaction.atomic():
                rows = self._sign(0, merkle.EMPTY_ROOT)
        self._republish(rows)

    def step(self) -> int:
        """Take what is waiting, publish and ask the witnesses. Returns how many entries got their place."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
            try:
                return self._step()
            finally:
                _release(cursor)

    def _step(self) -> int:
        before = self._newest()
        if before is not None and self._published_size() != before.size:
            self._republish(before)
        with transaction.atomic():
            entries = list(_waiting()[:BATCH])
            if entries:
                made, head = self._take(before.size if before else 0, entries)
        if entries:
            self.folder.publish(made)
            self._publish_head(head)
        self._cosign_newest()
        return len(entries)

    def _take(self, size: int, entries: Sequence[Entry]) -> tuple[dict[str, bytes], Checkpoint]:
        self._warn_of_clock(size, entries)
        made = self._tiles(size, entries)
        total = size + len(entries)
        Leaf.objects.bulk_create(
            Leaf(origin=self.origin, index=size + at, entry=found, leaf_hash=found.leaf_hash)
            for at, found in enumerate(entries)
        )
        node = tiles.node_from(tiles.overlay(made, self.folder.read), total)
        head = self._sign(total, merkle.root_at(node, total))
        Unsequenced.objects.filter(pk__in=[found.pk for found in entries]).delete()
        return made, head

    def _tiles(self, size: int, entries: Sequence[Entry]) -> dict[str, bytes]:
        hashes = [merkle.leaf_hash(bytes(found.leaf)) for found in entries]
        if hashes != [bytes(found.leaf_hash) for found in entries]:
            raise ValueError("an entry's leaf and its hash disagree: the checker will name it")
        leaves = [bytes(found.leaf) for found in entries]
        return tiles.append(self.folder.read, size, hashes) | tiles.append_entries(self.folder.read, size, leaves)

    def _sign(self, size: int, root: bytes) -> Checkpoint:
        text = str(Head(self.origin, size, root))
        older = [signature for key in self.former for signature in key.sign(text).signatures]
        note = with_signatures(self.signer.sign(text), older)
        return Checkpoint.objects.create(
            origin=self.origin, size=size, root=root, note=str(note), created_at=timezone.now()
        )

    def _newest(self) -> Checkpoint | None:
        return Checkpoint.objects.filter(origin=self.origin).order_by("-size").first()

    def _published_size(self) -> int:
        try:
            return Head.parse(Note.parse(self.folder.read("checkpoint").decode()).text).size
        except (OSError, NoteError, UnicodeDecodeError):
            return 0

    def _republish(self, head: Checkpoint) -> None:
        # Rebuilt from the rows of the last published size on: tiles are the same bytes however often they are made.
        size = self._published_size()
        rows = Leaf.objects.filter(origin=self.origin, index__gte=size, index__lt=head.size).order_by("index")
        entries = [row.entry for row in rows.select_related("entry")]
        for start in range(0, len(entries), BATCH):
            self.folder.publish(self._tiles(size + start, entries[start : start + BATCH]))
        self._publish_head(head)

    def _publish_head(self, head: Checkpoint) -> None:
        self.folder.publish({"checkpoint": str(cosigned(head)).encode()})

    def _cosign_newest(self) -> None:
        """Ask each witness for its word on the newest head. A silent witness delays its word, never the log."""
        head = self._newest()
        if head is None:
            return
        known = set(Cosignature.objects.filter(origin=self.origin, size=head.size).values_list("witness", flat=True))
        asked = [ask for ask in self.witnesses if ask.key.name not in known]
        lines = [(ask.key, self._word_of(ask, head)) for ask in asked]
        given = [self._keep(head, key, line) for key, line in lines if line is not None]
        if given:
            self._publish_head(head)

    def _word_of(self, ask: AskWitness, head: Checkpoint) -> str | None:
        try:
            return ask.cosign(head.note, self._consistency)
        except WitnessAhead as error:
            raise LogBehind(f"{error}. El registro se detiene: firmar lo bifurcaría.") from error
        except ForkSeen as error:
            # An alarm, and no more: a witness that lies must not be able to stop the ministry.
            log.critical("%s", error)
            return None

    def _keep(self, head: Checkpoint, key: VerifierKey, line: str) -> Cosignature:
        kept, _ = Cosignature.objects.get_or_create(
            origin=self.origin, size=head.size, witness=key.name, defaults={"line": line}
        )
        return kept

    def _consistency(self, size1: int, size2: int) -> list[bytes]:
        return merkle.consistency_proof(size1, size2, tiles.node_from(self.folder.read, size2))

    def _warn_of_clock(self, size: int, entries: Sequence[Entry]) -> None:
        last = Leaf.objects.filter(origin=self.origin, index=size - 1).select_related("entry").first()
        if last and (last.entry.recorded_at - entries[0].recorded_at).total_seconds() > 60:
            log.error("the clock stepped back more than a minute: entry %s is older than the last leaf", entries[0].pk)

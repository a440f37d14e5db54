"""Reads of the register."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cancilleria.kernel.register import merkle, note, tiles
from cancilleria.kernel.register.canonical import decode
from cancilleria.kernel.register.doors import former_files, log_files, log_origin
from cancilleria.kernel.register.models import (
    ANNULS,
    RECTIFIES,
    Checkpoint,
    Cosignature,
    Entry,
    EntryPrivate,
    Leaf,
)
from cancilleria.kernel.register.note import Note
from cancilleria.kernel.register.receipt import Receipt
from cancilleria.kernel.register.verbs import verbs

IN_FORCE, CORRECTED, ANNULLED = "in_force", "corrected", "annulled"
STATUS_OF = {RECTIFIES: CORRECTED, ANNULS: ANNULLED}


@dataclass(frozen=True)
class Line:
    """One line of a history page: an entry told as a sentence."""

    entry: Entry
    sentence: str

    @property
    def at(self) -> datetime:
        return self.entry.performed_at


@dataclass(frozen=True)
class Status:
    """What became of an act: `state`, and the entry that changed it."""

    state: str
    by: Entry | None

    @property
    def in_force(self) -> bool:
        return self.state == IN_FORCE


def entry(entry_id: uuid.UUID) -> Entry:
    """Raises Entry.DoesNotExist."""
    return Entry.objects.get(pk=entry_id)


def history(subject: str, *, sentence: Callable[[Entry], str] | None = None) -> list[Line]:
    """Entries about `subject` (a key such as `case:<uuid>`), oldest first, as sentences."""
    tell = sentence or sentence_of
    return [Line(found, tell(found)) for found in entries_about(subject)]


def entries_about(subject: str) -> QuerySet[Entry]:
    return Entry.objects.filter(subjects__contains=[subject]).order_by("recorded_at", "pk")


def sentence_of(found: Entry) -> str:
    """The verb's sentence in the reader's language, with facts, public fields, number and year in their places."""
    values = {**found.public, **found.facts, "number": found.number, "year": found.year, "organ": found.organ}
    return str(verbs.get(found.verb).sentence).format_map(_Blank(values))


def status_of(target: Entry) -> Status:
    """In force, corrected or annulled, from the entry that follows it in the chain."""
    follower = target.followers.filter(relation__in=STATUS_OF).first()
    return Status(STATUS_OF[str(follower.relation)], follower) if follower else Status(IN_FORCE, None)


def private_of(entry_id: uuid.UUID) -> Mapping[str, object] | None:
    """The private part; None when an act of erasure withheld it."""
    found = EntryPrivate.objects.filter(pk=entry_id).first()
    if found is None:
        return None
    value = decode(bytes(found.part))
    return value if isinstance(value, dict) else {}


def head() -> Checkpoint | None:
    """The newest head the log signed."""
    return Checkpoint.objects.filter(origin=log_origin()).order_by("-size").first()


def cosigned(checkpoint: Checkpoint) -> Note:
    """A head's note with every cosignature received for it."""
    lines = Cosignature.objects.filter(origin=checkpoint.origin, size=checkpoint.size).values_list("line", flat=True)
    return Note.parse(checkpoint.note + "".join(lines))


def receipt_for(entry_id: uuid.UUID) -> bytes | None:
    """The entry's receipt against the newest cosigned head that holds it, else the newest head; None before the log."""
    found = Leaf.objects.filter(entry_id=entry_id).first()
    if found is None:
        return None
    heads = Checkpoint.objects.filter(origin=found.origin, size__gt=found.index)
    witnessed = Cosignature.objects.filter(origin=found.origin, size__gt=found.index).order_by("-size").first()
    chosen = heads.get(size=witnessed.size) if witnessed else heads.order_by("-size").first()
    if chosen is None:
        return None
    files = log_files() if found.origin == log_origin() else former_files()(found.origin)
    node = tiles.node_from(files.read, chosen.size)
    proof = merkle.inclusion_proof(found.index, chosen.size, node)
    return bytes(Receipt(found.index, tuple(proof), cosigned(chosen)))


def witness_names(checkpoint_note: Note) -> list[str]:
    """Names on a note besides the log's own."""
    return [s.name for s in checkpoint_note.signatures if s.name != note.Checkpoint.parse(checkpoint_note.text).origin]


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"

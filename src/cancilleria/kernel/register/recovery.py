"""Brings back leaves that were published and that a restored database lacks, from a copy that has their rows.

A row is taken only when its leaf is, byte for byte, the published one; the published head is then kept as the newest, so
that the log goes on from where others saw it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cancilleria.kernel.register import merkle, tiles
from cancilleria.kernel.register.models import Checkpoint, Cosignature
from cancilleria.kernel.register.note import Checkpoint as Head
from cancilleria.kernel.register.note import Note, VerifierKey

ROWS = """
SELECT jsonb_build_object('index', l.index, 'entry', to_jsonb(e), 'private', to_jsonb(p))::text
FROM register_leaf l JOIN register_entry e ON e.id = l.entry_id LEFT JOIN register_entry_private p ON p.entry_id = e.id
WHERE l.origin = %s AND l.index >= %s ORDER BY l.index
"""
SIZE = "SELECT coalesce(max(size), 0) FROM register_checkpoint WHERE origin = %s"
PRESENT = "SELECT leaf FROM register_entry WHERE id = %s"
ENTRY = "INSERT INTO register_entry SELECT * FROM jsonb_populate_record(NULL::register_entry, %s::jsonb)"
PRIVATE = (
    "INSERT INTO register_entry_private SELECT * FROM jsonb_populate_record(NULL::register_entry_private, %s::jsonb)"
)
NUMBER = "UPDATE register_book SET last_number = %s WHERE organ = %s AND kind = %s AND year = %s"
BOOK = "INSERT INTO register_book (last_number, organ, kind, year) VALUES (%s, %s, %s, %s)"
PLACED = "DELETE FROM register_unsequenced WHERE entry_id = %s"
LEAF = 'INSERT INTO register_leaf (origin, "index", entry_id, leaf_hash) VALUES (%s, %s, %s, %s)'


class CannotBring(RuntimeError):
    """The rows are not those of the published leaves, or do not reach, or a number was given since. Nothing was written."""


def rows_from(origin: str, start: int) -> Iterator[str]:
    """The rows of every leaf from `start` on, one JSON text each. They hold private parts: keep them as a key is kept."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [origin, start])
        for (line,) in cursor:
            yield line


def bring(lines: Iterable[str], *, key: VerifierKey, folder: tiles.Folder) -> tuple[int, int]:
    """Write the missing leaves of the published log of `key`; returns its size before and now. Raises CannotBring.

    Everything or nothing. The caller works as the worker's role, with the installation stopped.
    """
    note = Note.parse(folder.read("checkpoint").decode())
    head = Head.parse(note.text)
    if head.origin != key.name or note.verified_by(key) is None:
        raise CannotBring("El punto de control publicado no lleva la firma de este registro.")
    if merkle.root_at(tiles.node_from(folder.read, head.size), head.size) != head.root:
        raise CannotBring("Las hojas publicadas no dan la raíz publicada.")
    try:
        with transaction.atomic():
            return _bring(lines, note, head, folder), head.size
    except IntegrityError as error:
        raise CannotBring(
            f"Después de recuperar la base se dieron números que ya estaban publicados: cierre este registro. ({error})"
        ) from error


def _bring(lines: Iterable[str], note: Note, head: Head, folder: tiles.Folder) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [head.origin])
        size = int(cursor.fetchone()[0])
        expected = size
        for row in (json.loads(line) for line in lines):
            if not expected <= row["index"] < head.size:
                continue  # this database has it, or the world has not seen it
            if row["index"] != expected:
                raise CannotBring(f"Falta la hoja {expected}: traiga una copia que llegue más atrás.")
            _write(cursor, head.origin, row, _published(folder, head.size, expected))
            expected += 1
    if expected != head.size:
        raise CannotBring(f"La copia llega a la hoja {expected - 1} y lo publicado a la {head.size - 1}.")
    if size < head.size:
        _keep_head(note, head)
    return size


def _keep_head(note: Note, head: Head) -> None:
    """The published head, and each witness's word on it."""
    own = "".join(str(signature) for signature in note.signatures if signature.name == head.origin)
    Checkpoint.objects.create(
        origin=head.origin, size=head.size, root=head.root, note=f"{note.text}\n{own}", created_at=timezone.now()
    )
    Cosignature.objects.bulk_create(
        Cosignature(origin=head.origin, size=head.size, witness=signature.name, line=str(signature))
        for signature in note.signatures
        if signature.name != head.origin
    )


def _write(cursor: Any, origin: str, row: Mapping[str, Any], published: bytes) -> None:
    entry = row["entry"]
    leaf = bytes.fromhex(entry["leaf"].removeprefix("\\x"))
    if leaf != published or merkle.leaf_hash(leaf).hex() != entry["leaf_hash"].removeprefix("\\x"):
        raise CannotBring(f"La hoja {row['index']} de la copia no es la publicada.")
    cursor.execute(PRESENT, [entry["id"]])
    if cursor.fetchone() is None:
        if entry["number"] is not None:
            book = [entry["number"], entry["organ"], entry["book"], entry["year"]]
            cursor.execute(NUMBER, book)
            if cursor.rowcount == 0:
                cursor.execute(BOOK, book)
        cursor.execute(ENTRY, [json.dumps(entry)])
        if row["private"] is not None:
            cursor.execute(PRIVATE, [json.dumps(row["private"])])
    cursor.execute(PLACED, [entry["id"]])
    cursor.execute(LEAF, [origin, row["index"], entry["id"], merkle.leaf_hash(leaf)])


def _published(folder: tiles.Folder, size: int, index: int) -> bytes:
    bundle, at = divmod(index, tiles.WIDTH)
    data = folder.read(tiles.tile_path("entries", bundle, tiles.width_at(size, 0, bundle)))
    return list(tiles.read_bundle(data))[at]

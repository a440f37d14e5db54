"""The log against itself: signed heads and witnesses' words in the rows, and what is published beside them.

The published head is read before the rows: the database is ahead of it or even with it, never behind. That it lags is no
finding; that it lacks what a witness has seen is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from cancilleria.kernel.register.checker.findings import Finding, raw
from cancilleria.kernel.register.checker.notes import LOG, NOBODY, WITNESS, Keys, Note, parse, signer_of
from cancilleria.kernel.register.checker.tree import check_tiles, published_leaves, roots

HEADS = "SELECT size, root, note FROM register_checkpoint WHERE origin = %s ORDER BY size"
WORDS = "SELECT size, witness, line FROM register_cosignature WHERE origin = %s ORDER BY size, witness"
BEAT_SECONDS = 0.5
PUBLISHED = "publicado"
HEAD, WORD = "punto de control", "testigo"


@dataclass(frozen=True)
class Log:
    """A log to check: its origin, its raw Ed25519 keys, the folder where it is published.

    `ended` is the size and root of a log that was closed, which its rows may not reach; `seen`, how many leaves a witness is
    remembered to have cosigned.
    """

    origin: str
    public_keys: Sequence[bytes]
    folder: Path
    ended: tuple[int, bytes] | None = None
    seen: int = 0

    def published(self) -> bytes | None:
        """The bytes of the published head; None when there is none."""
        try:
            return (self.folder / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None


@dataclass(frozen=True)
class Rows:
    """What the database holds of one log. `words` are lines of witnesses by size and name."""

    hashes: list[bytes]
    heads: dict[int, tuple[bytes, str]]
    words: dict[tuple[int, str], str]

    @property
    def size(self) -> int:
        return len(self.hashes)


def rows_of(origin: str, hashes: list[bytes]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [origin])
        heads = {int(size): (raw(root), str(note)) for size, root, note in cursor.fetchall()}
        cursor.execute(WORDS, [origin])
        return Rows(hashes, heads, {(int(size), str(name)): str(line) for size, name, line in cursor.fetchall()})


def check_log(log: Log, keys: Keys, shown: bytes | None, placed: dict[int, bytes], patience: float) -> list[Finding]:
    """Everything about one log. `shown` are the published bytes as they were before the rows were read."""
    gaps = [
        Finding("registro", str(at), "falta la hoja de este índice") for at in range(len(placed)) if at not in placed
    ]
    if gaps:
        return gaps
    rows = rows_of(log.origin, [placed[at] for at in range(len(placed))])
    found = [*_heads(keys, rows), *_words(keys, rows)]
    if log.seen > rows.size:
        found.append(
            Finding(
                WORD,
                str(log.seen),
                f"un testigo vio {log.seen} asientos y la base de datos tiene {rows.size}: faltan filas",
            )
        )
    return found + list(_published(log, keys, rows, shown, patience))


def _heads(keys: Keys, rows: Rows) -> Iterator[Finding]:
    true = roots(rows.hashes, set(rows.heads))
    for size, (root, written) in rows.heads.items():
        note = parse(written.encode())
        if true.get(size) != root:
            yield Finding(HEAD, str(size), "su raíz no es la de sus hojas")
        if note is None or (note.origin, note.size, note.root) != (keys.origin, size, root):
            yield Finding(HEAD, str(size), "la nota dice otra cosa que su fila")
        elif any(keys.judge(note.text, line) != (LOG, True) for line in note.lines):
            yield Finding(HEAD, str(size), "la firma del registro no vale: no es de sus claves, o se cambió después")
    if rows.hashes and max(rows.heads, default=0) != rows.size:
        yield Finding(HEAD, str(rows.size), "las hojas más nuevas no tienen un punto de control firmado")


def _words(keys: Keys, rows: Rows) -> Iterator[Finding]:
    if keys.witnesses is None:
        return
    for (size, name), line in rows.words.items():
        note = parse(rows.heads[size][1].encode()) if size in rows.heads else None
        if note is None:
            yield Finding(WORD, f"{name} {size}", "atestigua un punto de control que la base ya no tiene")
        elif parse((note.text + "\n" + line).encode()) is None or signer_of(line) != name:
            yield Finding(WORD, f"{name} {size}", "su palabra no es una línea de firma de ese testigo")
        elif name in keys.witnesses and keys.judge(note.text, line) != (WITNESS, True):
            yield Finding(WORD, f"{name} {size}", "su firma no vale sobre el punto de control que la base guarda")


def _published(log: Log, keys: Keys, rows: Rows, shown: bytes | None, patience: float) -> Iterator[Finding]:
    if shown is None:
        if rows.size:
            yield Finding(HEAD, PUBLISHED, "no está: nadie de fuera puede verificar; al reiniciar se publica de nuevo")
            yield from check_tiles(log.folder, rows.hashes)
        return
    note = parse(shown)
    if note is None:
        yield Finding(HEAD, PUBLISHED, "no es una nota firmada: fue cortado o cambiado")
        yield from check_tiles(log.folder, rows.hashes)
        return
    held = {line for (size, _), line in rows.words.items() if size == note.size}
    yield from (Finding(HEAD, PUBLISHED, why) for why in _signatures(keys, note, held))
    yield from (Finding(HEAD, PUBLISHED, why) for why in _place(log, rows, note))
    yield from (Finding(WORD, PUBLISHED, why) for why in _words_shown(log, keys, held, note, patience))
    leaves = published_leaves(log.folder, rows.hashes, note.size)
    if roots(leaves, {note.size}).get(note.size) != note.root:
        why = "su raíz no es la de los asientos: lo publicado y la base de datos cuentan historias distintas"
        yield Finding(HEAD, PUBLISHED, why)
    yield from check_tiles(log.folder, leaves)
    seen = max((size for size, _ in rows.words if size <= note.size), default=0)
    if 0 < seen < note.size:  # receipts are made against the last head a witness cosigned
        told = set(check_tiles(log.folder, leaves))
        yield from (found for found in check_tiles(log.folder, rows.hashes[:seen]) if found not in told)


def _signatures(keys: Keys, note: Note, held: set[str]) -> Iterator[str]:
    """Of a witness that is asked no more, the line is what the rows hold of it: nobody here has its key."""
    judged = [(line, *keys.judge(note.text, line)) for line in note.lines]
    if (LOG, True) not in [(whose, good) for _, whose, good in judged]:
        yield "la firma del registro no vale: no lo firmó la clave de este registro, o se cambió después"
    for line, whose, good in judged:
        former = line in held and keys.witnesses is not None and signer_of(line) not in keys.witnesses
        if whose == NOBODY and keys.witnesses is not None and not former:
            yield f"lleva una firma de nadie conocido: {signer_of(line)}"
        elif whose == WITNESS and not good:
            yield f"la firma del testigo {signer_of(line)} no vale sobre él"
    if len(set(note.lines)) != len(note.lines):
        yield "repite una firma"


def _place(log: Log, rows: Rows, note: Note) -> Iterator[str]:
    """Where the published head stands against the rows."""
    if note.origin != log.origin:
        yield f"es de otro registro: {note.origin}"
    if log.ended is not None:
        if (note.size, note.root) != log.ended:
            yield f"no es aquel con que este registro se cerró, de {log.ended[0]} asientos"
        return
    witnessed = max((size for size, _ in rows.words), default=0)
    if note.size > rows.size:
        yield (
            f"tiene {note.size} asientos y la base de datos {rows.size}: se borraron filas o la base se recuperó de una "
            "copia anterior; siga la receta de recuperación"
        )
    elif note.size < witnessed:
        yield f"tiene {note.size} asientos y un testigo ya vio {witnessed}: alguien volvió a poner uno anterior"
    elif note.size not in rows.heads:
        yield f"la base de datos nunca firmó uno de {note.size} asientos"


def _words_shown(log: Log, keys: Keys, held: set[str], note: Note, patience: float) -> Iterator[str]:
    """The witnesses' words on the published head are those the database holds; a moment of delay is given to it."""
    if keys.witnesses is None or log.ended is not None:
        return
    shown = {line for line in note.lines if keys.judge(note.text, line)[0] == WITNESS}
    for line in sorted(shown - held):
        yield f"lleva la palabra de {signer_of(line)} y la base de datos ya no la tiene"
    for line in sorted(held - shown):
        if _still_lacks(log, note, line, patience):
            yield f"le falta la palabra de {signer_of(line)}, que la base de datos tiene: fue retirada"


def _still_lacks(log: Log, note: Note, line: str, patience: float) -> bool:
    """Whether the same head is still published without this line. It is published right after its row is written."""
    until = time.monotonic() + patience
    while True:
        now = parse(log.published() or b"")
        if now is None or now.size != note.size or line in now.lines:
            return False
        if time.monotonic() >= until:
            return True
        time.sleep(BEAT_SECONDS)

"""What the owner of the database and of the disk can do to the register, one deed each, at random.

A deed says what it did and what is promised of it (DECISIONS 12): `FOUND`, by the checker or by the witness; or `BEYOND`, what
nobody promised, which is counted apart.
"""

# ruff: noqa: S608 - tables and columns of our own, chosen among the names below

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cancilleria.kernel.register import merkle, tiles
from cancilleria.kernel.register.canonical import encode
from cancilleria.kernel.register.leaf import commit
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.tests.invented import recording
from cancilleria.kernel.register.tests.scene import ORIGIN, Scene

FOUND, BEYOND = "found", "beyond"
Deed = Callable[[Scene], tuple[str, str]]
BYTES = ("leaf", "leaf_hash", "head_part", "head_salt", "public_part", "public_salt", "facts_part", "facts_salt")
TEXTS = ("verb", "organ", "actor", "zone", "book", "classification", "alg")
OTHER = {
    "year": "year + 1", "number": "number + 1000", "v": "v + 1", "subjects": "subjects || '{x}'::text[]",
    "performed_at": "performed_at - interval '1 day'", "recorded_at": "recorded_at + interval '1 microsecond'",
    "public": "public || '{\"x\": 1}'", "facts": "facts || '{\"piece\": \"king\"}'",
    "relation": "CASE relation WHEN 'annuls' THEN 'annotates' ELSE 'annuls' END",
}  # fmt: skip


def edited(at: Scene) -> tuple[str, str]:
    """A column of an act, bytes or words."""
    kind = at.chance.choice(["bytes", "text", "other"])
    column = at.chance.choice({"bytes": BYTES, "text": TEXTS, "other": tuple(OTHER)}[kind])
    found = at.rows(f"SELECT id::text, {column} FROM register_entry WHERE {column} IS NOT NULL ORDER BY id")
    key, held = at.chance.choice(found)
    if kind == "bytes":
        at.run(f"UPDATE register_entry SET {column} = %s WHERE id = %s", flipped(at, bytes(held)), key)  # type: ignore[call-overload]
    else:
        change = f"{column} || 'x'" if kind == "text" else OTHER[column]
        at.run(f"UPDATE register_entry SET {column} = {change} WHERE id = %s", key)
    return f"row edited: {column}", FOUND


def private(at: Scene) -> tuple[str, str]:
    """A private part read otherwise, or gone without an act of erasure."""
    key, part, salt = at.chance.choice(at.rows("SELECT entry_id::text, part, salt FROM register_entry_private"))
    if at.chance.random() < 0.3:
        at.run("DELETE FROM register_entry_private WHERE entry_id = %s", key)
        return "private part deleted", FOUND
    column, held = at.chance.choice([("part", part), ("salt", salt)])
    at.run(f"UPDATE register_entry_private SET {column} = %s WHERE entry_id = %s", flipped(at, bytes(held)), key)  # type: ignore[call-overload]
    return "private part edited", FOUND


def deleted(at: Scene) -> tuple[str, str]:
    """An act with everything that hangs on it."""
    key, placed = at.chance.choice(
        at.rows(
            "SELECT e.id::text, l.index FROM register_entry e LEFT JOIN register_leaf l ON l.entry_id = e.id "
            "WHERE e.target_id IS NULL AND NOT EXISTS (SELECT FROM register_entry f WHERE f.target_id = e.id)"
        )
    )
    drop(at, "id = %s", key)
    if placed is None:
        # Its number too, so that not even a gap tells of it: no head has ever spoken of this act.
        at.run(
            "UPDATE register_book b SET last_number = coalesce((SELECT max(number) FROM register_entry e "
            "WHERE (e.organ, e.book, e.year) = (b.organ, b.kind, b.year)), 0)"
        )
        gap = at.rows("SELECT count(*) - max(number) FROM register_entry WHERE number > 0 GROUP BY organ, book, year")
        return "waiting act deleted with its number", FOUND if any(row[0] for row in gap) else BEYOND
    return "row deleted", FOUND


def inserted(at: Scene) -> tuple[str, str]:
    """An act nobody did: copied, put into the log, or recorded as acts are."""
    kind = at.chance.choice(["copied", "placed", "recorded"])
    if kind == "recorded":
        recording()
        return "act recorded by who holds the database", BEYOND
    (key,) = at.chance.choice(at.rows("SELECT entry_id::text FROM register_leaf"))
    at.run(
        "INSERT INTO register_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), "
        "'number', e.number + 5000, 'relation', null, 'target_id', null))).* FROM register_entry e WHERE id = %s", key,
    )  # fmt: skip
    if kind == "placed":
        at.run(
            "INSERT INTO register_leaf (origin, index, entry_id, leaf_hash) SELECT %s, (SELECT count(*) FROM register_leaf), "
            "e.id, e.leaf_hash FROM register_entry e LEFT JOIN register_leaf l ON l.entry_id = e.id LEFT JOIN "
            "register_unsequenced u ON u.entry_id = e.id WHERE l.id IS NULL AND u.entry_id IS NULL", ORIGIN,
        )  # fmt: skip
    return f"row inserted: {kind}", FOUND


def reordered(at: Scene) -> tuple[str, str]:
    """Two leaves change places."""
    one, other = at.chance.sample(at.rows("SELECT id, index FROM register_leaf"), 2)
    at.run("UPDATE register_leaf SET index = -1 WHERE id = %s", one[0])
    at.run("UPDATE register_leaf SET index = %s WHERE id = %s", one[1], other[0])
    at.run("UPDATE register_leaf SET index = %s WHERE id = %s", other[1], one[0])
    return "rows reordered", FOUND


def leaf(at: Scene) -> tuple[str, str]:
    key, held = at.chance.choice(at.rows("SELECT id, leaf_hash FROM register_leaf"))
    if at.chance.random() < 0.5:
        at.run("UPDATE register_leaf SET leaf_hash = %s WHERE id = %s", flipped(at, bytes(held)), key)  # type: ignore[call-overload]
        return "leaf of the log edited", FOUND
    at.run("DELETE FROM register_leaf WHERE id = %s", key)
    return "leaf of the log deleted", FOUND


def head(at: Scene) -> tuple[str, str]:
    """A signed head of the rows."""
    key, size, root, note = at.chance.choice(at.rows("SELECT id, size, root, note FROM register_checkpoint"))
    kind = at.chance.choice(["root", "note", "size", "deleted"])
    if kind == "deleted":
        at.run("DELETE FROM register_checkpoint WHERE id = %s", key)
        spoken = (
            at.rows("SELECT 1 FROM register_cosignature WHERE size = %s", size)
            or size == at.rows("SELECT count(*) FROM register_leaf")[0][0]
        )
        return "signed head deleted", FOUND if spoken else BEYOND
    if kind == "size":
        at.run("UPDATE register_checkpoint SET size = size + 5000 WHERE id = %s", key)
    else:
        changed = flipped(at, bytes(root)) if kind == "root" else altered(at, note)  # type: ignore[call-overload]
        at.run(f"UPDATE register_checkpoint SET {kind} = %s WHERE id = %s", changed, key)
    return f"signed head edited: {kind}", FOUND


def word(at: Scene) -> tuple[str, str]:
    """A cosignature of the rows."""
    key, size, line = at.chance.choice(at.rows("SELECT id, size, line FROM register_cosignature"))
    kind = at.chance.choice(["line", "size", "witness", "deleted"])
    if kind == "deleted":
        at.run("DELETE FROM register_cosignature WHERE id = %s", key)
        shown = f"\n{size}\n" in published(at)
        return "cosignature deleted", FOUND if shown else BEYOND
    if kind == "line":
        at.run("UPDATE register_cosignature SET line = %s WHERE id = %s", altered(at, line), key)
    else:
        at.run(f"UPDATE register_cosignature SET {kind} = {kind} || '1' WHERE id = %s".replace(
            "size || '1'", "size + 3000"), key)  # fmt: skip
    return f"cosignature edited: {kind}", FOUND


def book(at: Scene) -> tuple[str, str]:
    (key,) = at.chance.choice(at.rows("SELECT id FROM register_book"))
    step = at.chance.choice([-1, 1, 7])
    at.run("UPDATE register_book SET last_number = last_number + %s WHERE id = %s", step, key)
    return "book's last number edited", FOUND


def document(at: Scene) -> tuple[str, str]:
    path = at.chance.choice(sorted((at.home / "files").iterdir()))
    return f"file {spoilt(at, path)}", FOUND


def tile(at: Scene) -> tuple[str, str]:
    """A tile or bundle of the published tree, of that of the last receipt, or an old partial one."""
    size = int(published(at).split("\n")[1])
    read = {*tiles.all_paths(size), *tiles.all_paths(min(at.seen, size))}
    path = at.chance.choice(sorted(found for found in (at.log / "tile").rglob("*") if found.is_file()))
    needed = str(path.relative_to(at.log)) in read
    did = spoilt(at, path)
    return (f"tile {did}", FOUND) if needed else (f"partial tile of an older head {did}", BEYOND)


def checkpoint(at: Scene) -> tuple[str, str]:
    """The published head: spoilt, signed by another, stripped, or an older one put back."""
    path, kind = at.log / "checkpoint", at.chance.choice(["spoilt", "other key", "stripped", "older"])
    if kind == "spoilt":
        return f"published head {spoilt(at, path)}", FOUND
    text, _, lines = published(at).partition("\n\n")
    if kind == "other key":
        path.write_text(str(Signer(ORIGIN, Ed25519PrivateKey.generate()).sign(text + "\n")))
        return "published head signed by another key", FOUND
    if kind == "stripped" and "witness.example" in lines:
        path.write_text(text + "\n\n" + lines.splitlines(keepends=True)[0])
        return "published head without the witness's word", FOUND
    size, note = at.chance.choice(
        at.rows("SELECT size, note FROM register_checkpoint WHERE size < %s", int(text.split("\n")[1]))
    )
    path.write_text(str(note))
    return (
        ("older head published again", FOUND)
        if int(size) < at.seen
        else ("head above the witness published again", BEYOND)
    )


def cut(at: Scene) -> tuple[str, str]:
    """The tail of the log, in the rows alone, in what is published too, or even in what the log remembers of its witness."""
    sizes = [int(row[0]) for row in at.rows("SELECT size FROM register_checkpoint ORDER BY size")]
    size, deep = at.chance.choice([s for s in sizes[:-1] if s > 5] or sizes[-2:-1]), at.chance.randrange(3)
    at.run("DELETE FROM register_cosignature WHERE size > %s", size)
    at.run("DELETE FROM register_checkpoint WHERE size > %s", size)
    at.run("DELETE FROM register_unsequenced")
    drop(at, "id NOT IN (SELECT entry_id FROM register_leaf WHERE index < %s)", size)
    at.run(
        "UPDATE register_book b SET last_number = (SELECT count(*) FROM register_entry e "
        "WHERE (e.organ, e.book, e.year) = (b.organ, b.kind, b.year))"
    )
    if deep:
        note = at.rows("SELECT note FROM register_checkpoint WHERE size = %s", size)[0][0]
        words = at.rows("SELECT line FROM register_cosignature WHERE size = %s", size)
        (at.log / "checkpoint").write_text(str(note) + "".join(row[0] for row in words))
    if deep == 2:
        for path in (at.home / "memory").iterdir():
            path.write_text(str(size))
    where = ("rows", "rows and files", "rows, files and memory")[deep]
    return f"tail cut: {where}", FOUND if size < at.seen or not deep else BEYOND


def recomputed(at: Scene) -> tuple[str, str]:
    """One act says something else and everything after it is computed again, with the log's key or without."""
    index, key = at.chance.choice(
        at.rows(
            "SELECT l.index, e.id::text FROM register_leaf l JOIN register_entry e ON e.id = l.entry_id "
            "WHERE e.verb <> 'game.erased' AND NOT EXISTS (SELECT FROM register_entry f WHERE f.target_id = e.id)"
        )
    )
    holds, keeps = at.chance.random() < 0.5, at.chance.random() < 0.3
    rewrite(at, key)
    signer = at.sequencer.signer if holds else Signer(ORIGIN, Ed25519PrivateKey.generate())
    publish_again(at, int(index), signer, keeps=keeps)
    promised = FOUND if not holds or int(index) < at.seen else BEYOND
    where = "below" if int(index) < at.seen else "above"
    return f"log computed again {where} the witness, {'with' if holds else 'without'} the key", promised


DEEDS: tuple[Deed, ...] = (
    edited, edited, edited, private, deleted, inserted, reordered, leaf, head, word, book, document, tile, checkpoint, cut,
    recomputed, recomputed,
)  # fmt: skip


def drop(at: Scene, which: str, given: object) -> None:
    """Acts, with their private part, leaf and place in the queue."""
    for table in ("entry_private", "leaf", "unsequenced"):
        at.run(
            f"DELETE FROM register_{table} WHERE entry_id IN (SELECT id FROM register_entry WHERE {which})", given
        )  # fmt: skip
    if "NOT IN" in which:
        at.run("DELETE FROM register_entry WHERE id NOT IN (SELECT entry_id FROM register_leaf)")
    else:
        at.run(f"DELETE FROM register_entry WHERE {which}", given)


def rewrite(at: Scene, key: str) -> None:
    """The act says another piece, and every commitment above that holds again."""
    row = at.rows("SELECT leaf, head_part, head_salt, facts_part, facts_salt FROM register_entry WHERE id = %s", key)[0]
    held, hidden, salt, part, part_salt = (bytes(value) if value is not None else b"" for value in row)  # type: ignore[call-overload]
    facts = json.loads(part)
    facts["facts"] = {"piece": "king"}
    part = encode(facts)
    shown = {**json.loads(hidden or held), "facts_c": commit("facts", part_salt, part)}
    if hidden:
        hidden = encode(shown)
        held = encode({**json.loads(held), "commitment": commit("head", salt, hidden)})
    else:
        held = encode(shown)
    digest = merkle.leaf_hash(held)
    at.run(
        "UPDATE register_entry SET facts_part = %s, facts = %s, head_part = %s, leaf = %s, leaf_hash = %s WHERE id = %s",
        part, json.dumps(facts["facts"]), hidden or None, held, digest, key,
    )  # fmt: skip
    at.run("UPDATE register_leaf SET leaf_hash = %s WHERE entry_id = %s", digest, key)


def publish_again(at: Scene, index: int, signer: Signer, *, keeps: bool) -> None:
    """Heads above `index` signed again, witnesses' words on them dropped unless one `keeps` them, everything published."""
    found = at.rows("SELECT e.leaf FROM register_leaf l JOIN register_entry e ON e.id = l.entry_id ORDER BY l.index")
    leaves = [bytes(row[0]) for row in found]  # type: ignore[call-overload]
    node = merkle.node_of([merkle.leaf_hash(one) for one in leaves])
    heads = at.rows("SELECT id, size FROM register_checkpoint WHERE size > %s ORDER BY size", index)
    if not keeps:
        at.run("DELETE FROM register_cosignature WHERE size > %s", index)
    for key, number in heads:
        size = int(number)
        root = merkle.root_at(node, size)
        note = str(signer.sign(f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"))
        at.run("UPDATE register_checkpoint SET root = %s, note = %s WHERE id = %s", root, note, key)
    folder = at.sequencer.folder
    empty: Callable[[str], bytes] = lambda name: b""  # noqa: E731 - a tree from nothing
    folder.publish(tiles.append(empty, 0, [merkle.leaf_hash(one) for one in leaves]))
    folder.publish(tiles.append_entries(empty, 0, leaves))
    folder.publish({"checkpoint": note.encode()})


def spoilt(at: Scene, path: Path) -> str:
    """One of what may befall a file."""
    held, kind = path.read_bytes(), at.chance.choice(["edited", "cut", "grown", "deleted"])
    if kind == "deleted":
        path.unlink()
    else:
        path.write_bytes({"edited": flipped(at, held), "cut": held[:-1], "grown": held + b"\0"}[kind])
    return kind


def flipped(at: Scene, held: bytes) -> bytes:
    """One bit of it is another."""
    where, bit = at.chance.randrange(len(held)), 1 << at.chance.randrange(8)
    return bytes([*held[:where], held[where] ^ bit, *held[where + 1 :]])


def altered(at: Scene, text: str) -> str:
    """One character of it is another."""
    where = at.chance.randrange(len(text))
    return text[:where] + at.chance.choice([c for c in "AZaz09+/ \n" if c != text[where]]) + text[where + 1 :]


def published(at: Scene) -> str:
    return (at.log / "checkpoint").read_text()

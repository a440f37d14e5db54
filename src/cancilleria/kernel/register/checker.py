"""Checks the register again with code of its own: it shares nothing with the writers but the formats.

What it finds is listed, never mended. Runs as a process apart (`cancilleria check`) with rights to read only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

PAGE = 5_000
ENTRIES = """
SELECT e.id::text, e.verb, e.organ, e.actor, e.book, e.year, e.number, e.performed_at, e.recorded_at, e.zone,
    e.relation, t.leaf_hash, e.leaf, e.leaf_hash, e.head_part, e.head_salt, e.public_part, e.public_salt, e.facts_part,
    e.facts_salt, e.public, e.facts, p.part, p.salt, l.index, l.leaf_hash, u.entry_id,
    EXISTS (SELECT FROM register_entry x WHERE x.target_id = e.id AND x.relation = 'erases'), e.subjects, l.origin
FROM register_entry e
LEFT JOIN register_entry t ON t.id = e.target_id
LEFT JOIN register_entry_private p ON p.entry_id = e.id
LEFT JOIN register_leaf l ON l.entry_id = e.id
LEFT JOIN register_unsequenced u ON u.entry_id = e.id
WHERE e.id > %s::uuid ORDER BY e.id LIMIT %s
"""
COLUMNS = (
    "id verb organ actor book year number performed_at recorded_at zone relation target leaf leaf_hash head head_salt "
    "public public_salt facts facts_salt public_json facts_json private private_salt index placed waiting erased subjects log"
).split()
GAPS = """
SELECT b.organ, b.kind, b.year, b.last_number, count(e.number), coalesce(max(e.number), 0), coalesce(min(e.number), 0)
FROM register_book b LEFT JOIN register_entry e ON (e.organ, e.book, e.year) = (b.organ, b.kind, b.year)
LEFT JOIN register_book_start s ON (s.organ, s.kind, s.year) = (b.organ, b.kind, b.year)
GROUP BY b.id, s.after
HAVING count(e.number) <> b.last_number - coalesce(s.after, 0)
    OR coalesce(max(e.number), s.after, 0) <> b.last_number OR min(e.number) <= coalesce(s.after, 0)
"""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was recorded: `what` kind, `where`, and `why` in words."""

    what: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}: {self.why}"


@dataclass(frozen=True)
class Log:
    """A log to check: its origin, its raw Ed25519 keys, the folder where it is published."""

    origin: str
    public_keys: Sequence[bytes]
    folder: Path


def check(
    *,
    origin: str,
    public_keys: Sequence[bytes],
    folder: Path,
    files: Callable[[str], bool] | None = None,
    closed: Sequence[Log] = (),
) -> list[Finding]:
    """Everything that can be checked. `files(sha256)` tells whether a document's bytes are there, whole.

    `public_keys` are the log's raw Ed25519 keys, the present one and those it had. `closed` are logs this node wrote before. Empty list: every entry, number, leaf, head, tile and file agrees.
    """
    placed: dict[str, dict[int, bytes]] = {}
    found: list[Finding] = []
    for row in _entries():
        found += _check_entry(row)
        if row["index"] is not None:
            placed.setdefault(str(row["log"]), {})[int(str(row["index"]))] = _bytes(row["placed"])
        if files is not None:
            found += _check_files(row, files)
    found += _check_numbers()
    for log in (Log(origin, public_keys, folder), *closed):
        found += _check_log(log.origin, log.public_keys, log.folder, placed.pop(log.origin, {}))
    return found + [
        Finding("log", name, f"{len(leaves)} leaves of a log nobody knows") for name, leaves in placed.items()
    ]


def _entries() -> Iterator[dict[str, object]]:
    after = "00000000-0000-0000-0000-000000000000"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(ENTRIES, [after, PAGE])
            rows = cursor.fetchall()
            if not rows:
                return
            for row in rows:
                yield dict(zip(COLUMNS, row, strict=True))
            after = rows[-1][0]


def _check_entry(row: dict[str, object]) -> list[Finding]:
    return [Finding("entry", str(row["id"]), why) for why in _faults(row)]


def _faults(row: dict[str, object]) -> Iterator[str]:
    leaf, head = _bytes(row["leaf"]), row["head"]
    if hashlib.sha256(b"\x00" + leaf).digest() != _bytes(row["leaf_hash"]):
        yield "the leaf's hash is another"
    if row["placed"] is not None and _bytes(row["placed"]) != _bytes(row["leaf_hash"]):
        yield "the log holds another leaf"
    if (row["placed"] is None) == (row["waiting"] is None):
        yield "neither in the log nor waiting for it, or both"
    shown = _json(leaf)
    if head is not None:
        if shown.get("commitment") != _commit("head", row["head_salt"], head):
            yield "the hidden head does not open its commitment"
        shown = _json(_bytes(head))
    for name in ("public", "facts"):
        if shown.get(f"{name}_c") != _commit(name, row[f"{name}_salt"], row[name]):
            yield f"the {name} part does not open its commitment"
    if row["private"] is None:
        if not row["erased"]:
            yield "the private part is gone without an act of erasure"
    elif shown.get("private_c") != _commit("private", row["private_salt"], row["private"]):
        yield "the private part does not open its commitment"
    else:
        if _json(_bytes(row["private"])).get("subjects", []) != row["subjects"]:
            yield "the column subjects says something else than what was hashed"
    yield from _columns(row, shown)


def _columns(row: dict[str, object], shown: dict[str, object]) -> Iterator[str]:
    """The columns that queries use must say what the hashed bytes say."""
    for name in ("verb", "organ", "zone", "book", "year", "number"):
        if shown.get(name) != row[name]:
            yield f"the column {name} says something else than what was hashed"
    for name in ("performed_at", "recorded_at"):
        if shown.get(name) != row[name].strftime("%Y-%m-%dT%H:%M:%S.%fZ"):  # type: ignore[attr-defined]
            yield f"the column {name} says something else than what was hashed"
    target = row["target"]
    relation = {"kind": row["relation"], "leaf": _bytes(target).hex()} if target is not None else None
    if shown.get("relation") != relation:
        yield "the relation says something else than what was hashed"
    if _json(_bytes(row["public"])) != _plain(row["public_json"]):
        yield "the public fields say something else than what was hashed"
    facts = _json(_bytes(row["facts"]))
    if facts.get("facts") != _plain(row["facts_json"]) or facts.get("actor") != row["actor"]:
        yield "the facts say something else than what was hashed"


def _check_numbers() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(GAPS)
        return [
            Finding("book", f"{organ} {kind} {year}", f"last {last}, entries {count}, from {low} to {high}")
            for organ, kind, year, last, count, high, low in cursor.fetchall()
        ]


def _check_log(origin: str, public_keys: Sequence[bytes], folder: Path, placed: dict[int, bytes]) -> list[Finding]:
    found = [Finding("log", str(at), "the index is missing") for at in range(len(placed)) if at not in placed]
    if found:
        return found
    hashes = [placed[at] for at in range(len(placed))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, root, note FROM register_checkpoint WHERE origin = %s ORDER BY size", [origin])
        heads = [(size, bytes(root), note) for size, root, note in cursor.fetchall()]
    roots = _roots(hashes, {size for size, _, _ in heads})
    for size, root, note in heads:
        found += [
            Finding("checkpoint", str(size), why) for why in _head_faults(origin, public_keys, size, root, note, roots)
        ]
    if hashes and (not heads or heads[-1][0] != len(hashes)):
        found.append(Finding("checkpoint", str(len(hashes)), "the newest leaves have no signed head"))
    return found + _check_tiles(folder, hashes)


def _head_faults(
    origin: str, public_keys: Sequence[bytes], size: int, root: bytes, note: str, roots: dict[int, bytes]
) -> Iterator[str]:
    if roots.get(size) != root:
        yield "the root is not that of its leaves"
    text, _, signatures = note.partition("\n\n")
    if text != f"{origin}\n{size}\n{base64.b64encode(root).decode()}":
        yield "the note says something else than its row"
    for line in signatures.split("\n"):
        if line.startswith(f"— {origin} ") and any(_signed(key, line, text) for key in public_keys):
            return
    yield "the log's signature does not hold"


def _signed(key: bytes, line: str, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            base64.b64decode(line.rsplit(" ", 1)[1])[4:], (text + "\n").encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _roots(hashes: Sequence[bytes], wanted: set[int]) -> dict[int, bytes]:
    """Roots at the wanted sizes, by the stack of perfect subtrees (not the recursion of the writer)."""
    roots = {0: hashlib.sha256(b"").digest()} if 0 in wanted else {}
    stack: list[tuple[int, bytes]] = []
    for count, leaf in enumerate(hashes, 1):
        stack.append((0, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (height, right), (_, left) = stack.pop(), stack.pop()
            stack.append((height + 1, hashlib.sha256(b"\x01" + left + right).digest()))
        if count in wanted:
            total = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                total = hashlib.sha256(b"\x01" + left + total).digest()
            roots[count] = total
    return roots


def _check_tiles(folder: Path, hashes: Sequence[bytes]) -> list[Finding]:
    found: list[Finding] = []
    row, level = list(hashes), 0
    while row:
        for start in range(0, len(row), 256):
            chunk = row[start : start + 256]
            name = _tile_name(level, start // 256, len(chunk))
            try:
                same = (folder / name).read_bytes() == b"".join(chunk)
            except OSError:
                same = False
            if not same:
                found.append(Finding("tile", name, "missing, or other bytes than the leaves give"))
        row = [_perfect(row[start : start + 256]) for start in range(0, len(row) - 255, 256)]
        level += 1
    return found


def _perfect(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = len(hashes) // 2
    return hashlib.sha256(b"\x01" + _perfect(hashes[:half]) + _perfect(hashes[half:])).digest()


def _tile_name(level: int, index: int, width: int) -> str:
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + ("" if width == 256 else f".p/{width}")


def _check_files(row: dict[str, object], files: Callable[[str], bool]) -> list[Finding]:
    if row["erased"]:
        return []
    named = _json(_bytes(row["public"])).get("documents", [])
    return [
        Finding("file", str(digest), f"missing or changed; entry {row['id']}")
        for digest in (named if isinstance(named, list) else [])
        if not files(str(digest))
    ]


def _commit(name: str, salt: object, data: object) -> str:
    return hashlib.sha256(f"cancilleria/v1/{name}\0".encode() + _bytes(salt) + _bytes(data)).hexdigest()


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _json(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _plain(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value

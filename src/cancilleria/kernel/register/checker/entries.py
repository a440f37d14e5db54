"""Every entry against its leaf: commitments, columns, private parts, files; and every book against its numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

from django.db import connection

from cancilleria.kernel.register.checker.findings import Finding, fields, raw

PAGE = 5_000
ENTRIES = """
SELECT e.id::text, e.verb, e.organ, e.actor, e.book, e.year, e.number, e.performed_at, e.recorded_at, e.zone,
    e.relation, t.leaf_hash, e.leaf, e.leaf_hash, e.head_part, e.head_salt, e.public_part, e.public_salt, e.facts_part,
    e.facts_salt, e.public, e.facts, p.part, p.salt, l.index, l.leaf_hash, u.entry_id,
    EXISTS (SELECT FROM register_entry x WHERE x.target_id = e.id AND x.relation = 'erases'), e.subjects, l.origin,
    e.classification, e.v, e.alg
FROM register_entry e
LEFT JOIN register_entry t ON t.id = e.target_id
LEFT JOIN register_entry_private p ON p.entry_id = e.id
LEFT JOIN register_leaf l ON l.entry_id = e.id
LEFT JOIN register_unsequenced u ON u.entry_id = e.id
WHERE e.id > %s::uuid ORDER BY e.id LIMIT %s
"""
PARTS = {"public": "pública", "facts": "hechos"}
COLUMNS = (
    "id verb organ actor book year number performed_at recorded_at zone relation target leaf leaf_hash head head_salt "
    "public public_salt facts facts_salt public_json facts_json private private_salt index placed waiting erased subjects log "
    "classification v alg"
).split()
GAPS = """
SELECT b.organ, b.kind, b.year, b.last_number, count(e.number), coalesce(max(e.number), 0), coalesce(min(e.number), 0)
FROM register_book b LEFT JOIN register_entry e ON (e.organ, e.book, e.year) = (b.organ, b.kind, b.year)
LEFT JOIN register_book_start s ON (s.organ, s.kind, s.year) = (b.organ, b.kind, b.year)
GROUP BY b.id, s.after
HAVING count(e.number) <> b.last_number - coalesce(s.after, 0)
    OR coalesce(max(e.number), s.after, 0) <> b.last_number OR min(e.number) <= coalesce(s.after, 0)
"""


def entries() -> Iterator[dict[str, object]]:
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


def check_entry(row: dict[str, object]) -> list[Finding]:
    return [Finding("asiento", str(row["id"]), why) for why in _faults(row)]


def _faults(row: dict[str, object]) -> Iterator[str]:
    leaf, head = raw(row["leaf"]), row["head"]
    if hashlib.sha256(b"\x00" + leaf).digest() != raw(row["leaf_hash"]):
        yield "el resumen de su hoja es otro: se cambió la hoja o el resumen"
    if row["placed"] is not None and raw(row["placed"]) != raw(row["leaf_hash"]):
        yield "el registro guarda otra hoja en su lugar"
    if (row["placed"] is None) == (row["waiting"] is None):
        yield "no está en el registro ni espera entrar en él, o las dos cosas"
    shown = fields(leaf)
    if head is not None:
        if shown.get("commitment") != _commit("head", row["head_salt"], head):
            yield "la cabecera reservada no es la que se comprometió"
        shown = fields(raw(head))
    for name in ("public", "facts"):
        if shown.get(f"{name}_c") != _commit(name, row[f"{name}_salt"], row[name]):
            yield f"la parte «{PARTS[name]}» no es la que se comprometió"
    if row["private"] is None:
        if not row["erased"]:
            yield "la parte privada ya no está y ningún acto la suprimió"
    elif shown.get("private_c") != _commit("private", row["private_salt"], row["private"]):
        yield "la parte privada no es la que se comprometió"
    else:
        if fields(raw(row["private"])).get("subjects", []) != row["subjects"]:
            yield "la columna subjects dice otra cosa que lo asentado"
    yield from _columns(row, fields(leaf), shown)


def _columns(row: dict[str, object], leaf: dict[str, object], shown: dict[str, object]) -> Iterator[str]:
    """The columns that queries use must say what the hashed bytes say."""
    for name in ("verb", "organ", "zone", "book", "year", "number"):
        if shown.get(name) != row[name]:
            yield f"la columna {name} dice otra cosa que lo asentado"
    if [leaf.get("v"), leaf.get("alg")] != [row["v"], row["alg"]]:
        yield "la versión o el algoritmo dicen otra cosa que lo asentado"
    for name in ("performed_at", "recorded_at"):
        if shown.get(name) != row[name].strftime("%Y-%m-%dT%H:%M:%S.%fZ"):  # type: ignore[attr-defined]
            yield f"la columna {name} dice otra cosa que lo asentado"
    target = row["target"]
    relation = {"kind": row["relation"], "leaf": raw(target).hex()} if target is not None else None
    if shown.get("relation") != relation:
        yield "la relación con otro asiento dice otra cosa que lo asentado"
    if fields(raw(row["public"])) != _plain(row["public_json"]):
        yield "los datos públicos dicen otra cosa que lo asentado"
    facts = fields(raw(row["facts"]))
    frame = [facts.get("actor"), facts.get("classification")]
    if facts.get("facts") != _plain(row["facts_json"]) or frame != [row["actor"], row["classification"]]:
        yield "los hechos dicen otra cosa que lo asentado"


def check_numbers() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(GAPS)
        return [
            Finding(
                "libro",
                f"{organ} {kind} {year}",
                f"último {last}, asientos {count}, del {low} al {high}: falta o sobra un número",
            )
            for organ, kind, year, last, count, high, low in cursor.fetchall()
        ]


def check_files(row: dict[str, object], files: Callable[[str], bool]) -> list[Finding]:
    if row["erased"]:
        return []
    named = fields(raw(row["public"])).get("documents", [])
    return [
        Finding("archivo", str(digest), f"falta o cambió; es del asiento {row['id']}")
        for digest in (named if isinstance(named, list) else [])
        if not files(str(digest))
    ]


def _commit(name: str, salt: object, data: object) -> str:
    return hashlib.sha256(f"cancilleria/v1/{name}\0".encode() + raw(salt) + raw(data)).hexdigest()


def _plain(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value

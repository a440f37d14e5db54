"""The only writers of the register."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from cancilleria.kernel.register import leaf as leaves
from cancilleria.kernel.register.canonical import encode
from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.leaf import FACTS, PRIVATE, PUBLIC, SALT_BYTES, Head, Part
from cancilleria.kernel.register.merkle import leaf_hash
from cancilleria.kernel.register.models import ERASES
from cancilleria.kernel.register.verbs import Facts, Verb, verbs

NEXT = "SELECT at, year, number, target_hash FROM register_next(%s, %s, %s, %s)"
INSERT = """
WITH entry AS (
    INSERT INTO register_entry (id, origin, v, alg, verb, organ, actor, book, year, number, performed_at, recorded_at,
        zone, relation, target_id, classification, leaf, leaf_hash, head_part, head_salt, public_part, public_salt,
        facts_part, facts_salt, public, facts, subjects)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
), private AS (
    INSERT INTO register_entry_private (entry_id, part, salt) VALUES (%s, %s, %s)
)
INSERT INTO register_unsequenced (entry_id) VALUES (%s)
"""


@dataclass(frozen=True)
class Recorded:
    """What a caller learns of the entry it made."""

    id: uuid.UUID
    year: int | None
    number: int | None
    recorded_at: datetime
    leaf_hash: bytes


def record(
    verb: Verb,
    *,
    organ: str,
    zone: str,
    actor: str,
    public: Facts | None = None,
    facts: Facts | None = None,
    private: Mapping[str, object] | None = None,
    subjects: Sequence[str] = (),
    documents: Sequence[str] = (),
    performed_at: datetime | None = None,
    relation: tuple[str, uuid.UUID] | None = None,
    classification: str = "publico",
    series: str = "",
) -> Recorded:
    """Write one entry in the caller's transaction: number, commitments, leaf, private part.

    `organ` and `actor` are keys; `documents` are hex SHA-256 and stand in the public part. `series` names another series of
    the verb's book, such as that of acts done on a contingency pad. The book's lock is held until the transaction ends, so
    numbers are gap-free. Raises UnknownVerb, TypeError when facts or public are not the verb's, IntegrityError when the
    target was already rectified or annulled.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs inside the act's transaction")
    if verbs.get(verb.code) is not verb:
        raise TypeError(f"{verb.code} is not the declared verb")
    kind, target = relation or (None, None)
    book = f"{verb.book}/{series}" if verb.book and series else verb.book
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [organ, book, zone, target])
        at, year, number, target_hash = cursor.fetchone()
        head = Head(
            verb.code, organ, performed_at or at, at, zone, book, year, number, kind,
            bytes(target_hash).hex() if target_hash else None,
        )  # fmt: skip
        act = _compose(
            verb,
            head,
            public=_dump(public, verb.public) | ({"documents": list(documents)} if documents else {}),
            facts=_dump(facts, verb.facts),
            frame={"actor": actor, "classification": classification},
            private={**(private or {}), **({"subjects": list(subjects)} if subjects else {})},
        )
        entry_id = uuid7()
        cursor.execute(INSERT, act.row(entry_id, head, actor, target, classification, list(subjects)))
    return Recorded(entry_id, year, number, at, act.leaf_hash)


def erase_private(*, target: uuid.UUID, verb: Verb, organ: str, zone: str, actor: str, facts: Facts) -> Recorded:
    """Record an act of erasure and destroy the target's private part and salt, in one transaction.

    Facts, number and leaf stay: statistics remain provable, the page says "withheld by act of erasure".
    """
    with transaction.atomic():
        recorded = record(verb, organ=organ, zone=zone, actor=actor, facts=facts, relation=(ERASES, target))
        with connection.cursor() as cursor:
            cursor.execute("SELECT register_erase(%s)", [target])
    return recorded


@dataclass(frozen=True)
class _Act:
    leaf: bytes
    leaf_hash: bytes
    head: Part | None
    parts: Mapping[str, Part]
    values: Mapping[str, Mapping[str, object]]

    def row(
        self,
        entry_id: uuid.UUID,
        head: Head,
        actor: str,
        target: uuid.UUID | None,
        classification: str,
        subjects: list[str],
    ) -> list[Any]:
        public, facts, private = (self.parts[name] for name in (PUBLIC, FACTS, PRIVATE))
        return [
            entry_id, log_origin(), leaves.VERSION, leaves.ALGORITHM, head.verb, head.organ, actor, head.book,
            head.year, head.number, head.performed_at, head.recorded_at, head.zone, head.relation, target,
            classification, self.leaf, self.leaf_hash, self.head and self.head.data, self.head and self.head.salt,
            public.data, public.salt, facts.data, facts.salt, Jsonb(self.values[PUBLIC]), Jsonb(self.values[FACTS]),
            subjects, entry_id, private.data, private.salt, entry_id,
        ]  # fmt: skip


def _compose(
    verb: Verb,
    head: Head,
    *,
    public: Mapping[str, object],
    facts: Mapping[str, object],
    frame: Mapping[str, object],
    private: Mapping[str, object],
) -> _Act:
    salts = secrets.token_bytes(4 * SALT_BYTES)
    contents = {PUBLIC: public, FACTS: {**frame, "facts": facts}, PRIVATE: private}
    parts = {
        name: Part(name, encode(content), salts[place * SALT_BYTES : (place + 1) * SALT_BYTES])
        for place, (name, content) in enumerate(contents.items())
    }
    hidden = None
    if verb.open:
        leaf = leaves.open_leaf(head, *parts.values())
    else:
        hidden = leaves.head_part(head, parts[PUBLIC], parts[FACTS], parts[PRIVATE], salts[3 * SALT_BYTES :])
        leaf = leaves.opaque_leaf(hidden)
    return _Act(leaf, leaf_hash(leaf), hidden, parts, {PUBLIC: public, FACTS: facts})


def _dump(value: Facts | None, expected: type[Facts]) -> dict[str, object]:
    if value is None:
        value = expected()
    if type(value) is not expected:
        raise TypeError(f"{type(value).__name__} is not {expected.__name__}")
    return value.model_dump(mode="json", exclude_none=True)

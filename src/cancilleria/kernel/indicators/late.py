"""What the fold has not reached yet: entries beyond a rule's position in the log, and those the log has not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from cancilleria.kernel.indicators.declaration import Rule
from cancilleria.kernel.indicators.models import Cursor
from cancilleria.kernel.indicators.sql import Params, Query
from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.models import ANNULS, RECTIFIES

FEW = 2_000


def late_of(rules: Sequence[Rule]) -> dict[str, Query | None]:
    """For each rule the entries its fold has not reached and that may concern it; asked once for rules equally far."""
    held = dict(Cursor.objects.filter(pk__in=[rule.key for rule in rules]).values_list("rule", "size"))
    late = {size: _late(size) for size in {held.get(rule.key, 0) for rule in rules}}
    return {rule.key: late[held.get(rule.key, 0)].of(rule) for rule in rules}


@dataclass(frozen=True)
class Late:
    """Entries beyond a size of the log; `verbs` of them when they are few enough to look, None when they are many."""

    entries: Query
    verbs: frozenset[str] | None
    ends: bool

    def of(self, rule: Rule) -> Query | None:
        """The entries, unless none of them can move this rule: no act of its verb, and nothing that ends another act."""
        return self.entries if self.verbs is None or self.ends or rule.measure.verb in self.verbs else None


def _late(size: int) -> Late:
    """Few entries by their ids; many, as the query that finds them. Both are joined, never searched through as a list:
    a list of a subquery is compared element by element, which for 50,000 waiting acts took minutes.
    """
    leaves = "SELECT entry_id FROM register_leaf WHERE origin = %s AND index >= %s"
    waiting = "SELECT entry_id FROM register_unsequenced"
    params: Params = [log_origin(), size]
    with connection.cursor() as cursor:
        # The order makes the index the cheapest way, statistics or not.
        cursor.execute(f"({leaves} ORDER BY index LIMIT {FEW + 1}) UNION ALL ({waiting} LIMIT {FEW + 1})", params)
        ids = [row[0] for row in cursor.fetchall()]
        if len(ids) > FEW:
            return Late(Query(f"{leaves} UNION ALL {waiting}", params), None, True)
        cursor.execute("SELECT verb, relation FROM register_entry WHERE id = ANY(%s)", [ids])
        found = cursor.fetchall()
    ends = any(relation in (ANNULS, RECTIFIES) for _, relation in found)
    return Late(Query("SELECT unnest(%s::uuid[]) AS entry_id", [ids]), frozenset(verb for verb, _ in found), ends)

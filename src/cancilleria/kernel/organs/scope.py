"""What the database shows: rows of content tables (people today) that the viewer's organ deals with, and no others.

The row-level security of those tables reads one setting of the transaction: a list of organ keys and row keys, `*` for all.
It stands behind `visible_to`, not in its place (DECISIONS 14). A connection of the pool carries nothing to its next client:
the setting ends with the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from cancilleria.kernel.organs.authority import Viewer

SETTING, EVERYWHERE = "cancilleria.scope", "*"
# Powers that open content of every organ. Others that reach everywhere, such as over figures, open none.
WIDE = frozenset({"desk.cases*", "desk.people*"})


@contextmanager
def viewer_scope(viewer: Viewer) -> Iterator[None]:
    """Open a transaction that sees what `viewer` may: rows of their organ and of those it keeps or supervises; every row for
    who holds the cases of every organ.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _set(_scope(viewer))
        yield
        # The end of the transaction forgets by itself, and so does a rollback.
        if nested:
            _set(before)


def reveal(key: str) -> None:
    """Let the rest of this transaction see one row: the one just found by its document, or about to be made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, concat_ws(',', nullif(current_setting(%s, true), ''), %s), true)",
            [SETTING, SETTING, key],
        )


def _scope(viewer: Viewer) -> str:
    if WIDE & viewer.powers:
        return EVERYWHERE
    return ",".join([viewer.organ or "", *sorted(viewer.sees)])


def _set(value: str) -> str:
    """Set it, and return what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true), set_config(%s, %s, true)", [SETTING, SETTING, value])
        row: tuple[str | None, str] = cursor.fetchone()
    return row[0] or ""

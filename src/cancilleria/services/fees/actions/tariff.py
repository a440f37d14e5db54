"""The tariff is loaded from the profile: rows begin and are closed, never deleted, and a price is never rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.services.fees import verbs
from cancilleria.services.fees.models import Dated, Exemption, Means, Rate, TariffLine

# What names a row, beside the day it begins.
NAMED: Mapping[str, tuple[type[Dated], tuple[str, ...]]] = {
    "tariff": (TariffLine, ("key",)), "rates": (Rate, ("organ", "unit", "currency")),
    "means": (Means, ("organ", "means")), "exemptions": (Exemption, ("key",)),
}  # fmt: skip


class Rewritten(ValueError):
    """The file changes a row in force since a day: prices are not retroactive, a new row has to begin on a new day."""


@transaction.atomic
def load_tariff(*, actor: Actor, organ: Organ, kind: str, rows: Sequence[Mapping[str, object]]) -> tuple[int, int]:
    """Bring one table of the tariff to the profile's rows; returns how many began and how many were closed.

    A row that is gone from the file ends yesterday. Raises Rewritten.
    """
    require(actor, verbs.TARIFF_CHANGED.code)
    model, names = NAMED[kind]
    held = {_named(row.__dict__, names): row for row in model._default_manager.all()}
    wanted = {_named(row, names): row for row in rows}
    closed = [key for key, row in held.items() if row.valid_to is None and _ends(row, wanted.get(key))]
    for key, row in held.items():
        _check(key, row, wanted.get(key))
    for key in closed:
        until = wanted[key]["valid_to"] if key in wanted else timezone.now().date() - timedelta(days=1)
        row = held[key]
        # A row that had not begun, or began today, keeps its one day: nothing of the tariff is deleted.
        model._default_manager.filter(pk=row.pk).update(valid_to=max(until, row.valid_from))  # type: ignore[type-var]
    fresh = [model(**row) for key, row in wanted.items() if key not in held]
    model._default_manager.bulk_create(fresh)
    if fresh or closed:
        facts = verbs.TariffRows(kind=kind, added=len(fresh), closed=len(closed))
        record(verbs.TARIFF_CHANGED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts)
    return len(fresh), len(closed)


def _named(row: Mapping[str, object], names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(row[name] for name in (*names, "valid_from"))


def _ends(row: Dated, wanted: Mapping[str, object] | None) -> bool:
    return wanted is None or wanted["valid_to"] is not None


def _check(key: tuple[object, ...], row: Dated, wanted: Mapping[str, object] | None) -> None:
    """Only what it says about itself, and its end, may change."""
    loose = {"valid_to", "source"}
    changed = [name for name, value in (wanted or {}).items() if name not in loose and getattr(row, name) != value]
    if changed:
        raise Rewritten(f"{' '.join(map(str, key))}: {', '.join(changed)}")

"""Writers of the network and its posts, from the profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import (
    Accreditation,
    DecreedDay,
    Hosting,
    Organ,
    OrganName,
    Post,
)
from cancilleria.kernel.organs.profile import Difference, Row, compare
from cancilleria.kernel.organs.verbs import PROFILE_LOADED, Loaded
from cancilleria.kernel.register.actions import record

COLUMNS = (
    "code kind country city zone weekend calendar opens closes "
    "latitude longitude opened_on closed_on source source_status"
).split()
# Columns that name another organ.
BONDS = ("parent", "supervised_by")
StateTable = type[Accreditation] | type[Hosting]
# Columns of the profile that list States, and the table each is kept in.
STATES_OF: Mapping[str, StateTable] = {"accredited_to": Accreditation, "hosts": Hosting}


@transaction.atomic
def load_network(
    *, actor: Actor, profile: str, digest: str, organs: Mapping[str, Row], decreed: list[Row]
) -> Difference:
    """Bring organs, names, accreditations, hostings and decreed days to what the profile says, and record it.

    Upserts by key; an organ that left the profile is closed today, never deleted. One that was closed by an act stays as
    that act left it, whatever the profile says. Needs `profile.loaded` or the system.
    """
    require(actor, PROFILE_LOADED.code)
    closed_by_act = set(Organ.objects.exclude(successor=None).values_list("key", flat=True))
    organs = {key: row for key, row in organs.items() if key not in closed_by_act}
    difference = compare(stored_network(), organs)
    for key in (*difference.added, *difference.changed):
        _write_organ(key, organs[key])
    for key in (*difference.added, *difference.changed):
        bonds = {name: organs[key][name] or None for name in BONDS}
        Organ.objects.filter(pk=key).update(**bonds)
    Organ.objects.filter(pk__in=difference.closed, closed_on=None).update(closed_on=timezone.now().date())
    for row in decreed:
        lookup: dict[str, Any] = {name: row[name] for name in ("calendar", "day")}
        DecreedDay.objects.update_or_create(**lookup, defaults=dict(row))
    _record_loaded(actor, profile, digest, difference)
    return difference


@transaction.atomic
def load_posts(*, actor: Actor, profile: str, digest: str, posts: Mapping[str, Row]) -> Difference:
    """Bring posts and their powers to what the profile says, and record it. A post that left keeps its row, without powers."""
    require(actor, PROFILE_LOADED.code)
    held: dict[str, Row] = {
        p.key: {"organ": p.organ_id, "title_es": p.title_es, "title_en": p.title_en, "powers": p.powers}
        for p in Post.objects.exclude(powers=[])
    }
    difference = compare(held, posts)
    for key in (*difference.added, *difference.changed):
        row = posts[key]
        values = {"organ_id": row["organ"], **{name: row[name] for name in ("title_es", "title_en", "powers")}}
        Post.objects.update_or_create(key=key, defaults=values)
    Post.objects.filter(pk__in=difference.closed).update(powers=[])
    _record_loaded(actor, profile, digest, difference)
    return difference


def stored_network() -> dict[str, Row]:
    """Organs as rows of the profile's shape, to compare with the files."""
    names: dict[str, dict[str, str]] = {}
    for name in OrganName.objects.filter(to_date=None):
        names.setdefault(name.organ_id, {})[name.language] = name.name
    held = {column: _states_held(table) for column, table in STATES_OF.items()}
    return {
        organ.key: {
            "key": organ.key,
            "parent": organ.parent_id or "",
            "supervised_by": organ.supervised_by_id or "",
            **{column: getattr(organ, column) for column in COLUMNS},
            "name_es": names.get(organ.key, {}).get("es", ""),
            "name_en": names.get(organ.key, {}).get("en", ""),
            **{column: states.get(organ.key, []) for column, states in held.items()},
        }
        for organ in Organ.objects.filter(closed_on=None)
    }


def _record_loaded(actor: Actor, profile: str, digest: str, difference: Difference) -> None:
    if not difference:
        return
    facts = Loaded(
        profile=profile, digest=digest, added=len(difference.added), changed=len(difference.changed),
        closed=len(difference.closed),
    )  # fmt: skip
    record(PROFILE_LOADED, organ=f"profile:{profile}", zone="UTC", actor=actor.key, facts=facts)


def _write_organ(key: str, row: Row) -> None:
    organ, _ = Organ.objects.update_or_create(key=key, defaults={column: row[column] for column in COLUMNS})
    today = timezone.now().date()
    for language in ("es", "en"):
        current = organ.names.filter(language=language, to_date=None).first()
        if current is not None and current.name != row[f"name_{language}"]:
            # A renamed organ keeps its old name up to yesterday; a name of today is simply mended.
            if current.from_date == today:
                current.delete()
            else:
                organ.names.filter(pk=current.pk).update(to_date=date.fromordinal(today.toordinal() - 1))
        OrganName.objects.get_or_create(
            organ=organ, language=language, name=row[f"name_{language}"], to_date=None,
            defaults={"from_date": today if current else None},
        )  # fmt: skip
    for column, table in STATES_OF.items():
        _write_states(table, organ, row, column)


def _write_states(table: StateTable, organ: Organ, row: Row, column: str) -> None:
    """End what the profile dropped, open what it added."""
    found, today = row[column], timezone.now().date()
    states = [str(state) for state in found] if isinstance(found, list) else []
    dropped = table.objects.filter(organ=organ, to_date=None).exclude(state__in=states)
    dropped.filter(from_date=today).delete()  # what began today is simply mended
    dropped.update(to_date=date.fromordinal(today.toordinal() - 1))
    for state in states:
        table.objects.get_or_create(organ=organ, state=state, to_date=None, defaults={"source": str(row["source"])})


def _states_held(table: StateTable) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for organ, state in table.objects.filter(to_date=None).order_by("state").values_list("organ_id", "state"):
        held.setdefault(organ, []).append(state)
    return held

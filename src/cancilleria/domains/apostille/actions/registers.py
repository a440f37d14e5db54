"""The registers the apostille leans on: authorities whose signature is known, and the parties to the Convention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cancilleria.domains.apostille import verbs
from cancilleria.domains.apostille.models import Authority, Party
from cancilleria.domains.apostille.rules import Membership
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.actions import record


@transaction.atomic
def register_authority(
    *, actor: Actor, key: str, name: str, capacity: str, entity: Entity, fingerprint: str, valid_from: date,
    valid_to: date | None, source: str,
) -> Authority:  # fmt: skip
    """Put an authority's specimen into the register. Needs `authority.registered`, or the system at first load."""
    require(actor, verbs.AUTHORITY_REGISTERED.code)
    values = {
        "name": name, "capacity": capacity, "entity": entity, "fingerprint": fingerprint, "valid_from": valid_from,
        "valid_to": valid_to, "source": source,
    }  # fmt: skip
    found, _ = Authority.objects.update_or_create(key=key, defaults=values)
    organ = Organ.objects.get(pk=ministry().headquarters)
    record(
        verbs.AUTHORITY_REGISTERED, organ=organ.key, zone=organ.zone, actor=actor.key,
        facts=verbs.AuthorityFacts(authority=key), private={k: str(v) for k, v in (values | {"entity": entity.name}).items() if v is not None},
        subjects=[key, entity.key],
    )  # fmt: skip
    return found


@transaction.atomic
def load_parties(*, actor: Actor, rows: Sequence[Membership], source: str, as_of: date, digest: str) -> bool:
    """Bring the table of parties to what the profile says; True when it changed."""
    require(actor, verbs.PARTIES_LOADED.code)
    held = {p.state: Membership(p.state, p.in_force_on, p.with_us_on, p.objection) for p in Party.objects.all()}
    if held == {row.state: row for row in rows}:
        return False
    Party.objects.exclude(pk__in=[row.state for row in rows]).delete()
    for row in rows:
        Party.objects.update_or_create(
            state=row.state,
            defaults={"in_force_on": row.in_force_on, "with_us_on": row.with_us_on, "objection": row.objection,
                      "source": source, "as_of": as_of},
        )  # fmt: skip
    organ = Organ.objects.get(pk=ministry().headquarters)
    facts = verbs.Loaded(rows=len(rows), digest=digest)
    record(verbs.PARTIES_LOADED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts)
    return True

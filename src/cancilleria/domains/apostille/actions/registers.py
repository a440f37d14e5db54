"""What the profile says of the Convention and of earlier certifications, brought into tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cancilleria.domains.apostille import verbs
from cancilleria.domains.apostille.models import Certifier, Party
from cancilleria.domains.apostille.rules import Membership
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.verbs import Verb


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
    _record(verbs.PARTIES_LOADED, actor, len(rows), digest)
    return True


@transaction.atomic
def load_certifiers(*, actor: Actor, rows: Sequence[tuple[str, int, str, str, str]], digest: str) -> bool:
    """Bring to what the profile says who certifies before: kind, place, names, source. True when it changed."""
    require(actor, verbs.CERTIFIERS_LOADED.code)
    columns = ("kind", "place", "name_es", "name_en", "source")
    if sorted(Certifier.objects.values_list(*columns)) == sorted(rows):
        return False
    Certifier.objects.all().delete()
    Certifier.objects.bulk_create(Certifier(**dict(zip(columns, row, strict=True))) for row in rows)
    _record(verbs.CERTIFIERS_LOADED, actor, len(rows), digest)
    return True


def _record(verb: Verb, actor: Actor, rows: int, digest: str) -> None:
    organ = Organ.objects.get(pk=ministry().headquarters)
    record(verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.Loaded(rows=rows, digest=digest))

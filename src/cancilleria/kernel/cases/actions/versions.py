"""Versions of procedures: a snapshot whenever structure or norm changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from cancilleria.kernel.cases import verbs
from cancilleria.kernel.cases.models import ProcedureVersion
from cancilleria.kernel.cases.norms import Norm, as_json
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import record


@transaction.atomic
def load_procedures(*, actor: Actor, organ: Organ, norms: Mapping[str, Norm]) -> list[str]:
    """Keep a new version of every procedure whose structure or norm changed, each with its entry. Returns their keys."""
    require(actor, verbs.PROCEDURE_CHANGED.code)
    changed = []
    for key, norm in sorted(norms.items()):
        structure, values = procedures.get(key).structure(), as_json(norm)
        digest = hashlib.sha256(json.dumps([structure, values], sort_keys=True).encode()).hexdigest()
        last = ProcedureVersion.objects.filter(procedure=key).order_by("-number").first()
        if last is not None and last.digest == digest:
            continue
        version = ProcedureVersion.objects.create(
            procedure=key, number=last.number + 1 if last else 1, structure=structure, norm=values, digest=digest,
            valid_from=norm.valid_from, reason=norm.reason,
        )  # fmt: skip
        facts = verbs.OfVersion(procedure=key, version=version.number)
        record(verbs.PROCEDURE_CHANGED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts)
        changed.append(key)
    return changed

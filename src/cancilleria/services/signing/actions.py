"""What is recorded of keys: changes and revocations, by whoever holds them and runs the command."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.services.signing.verbs import CERTIFICATE_REVOKED, KEY_REPLACED, Certificate, Replaced


@transaction.atomic
def note_revoked(*, actor: Actor, organ: Organ, certificate: str, since: datetime, reason: str) -> Recorded:
    """Record that a certificate signs no more, since when and why. Needs `certificate.revoked` at the organ."""
    require(actor, CERTIFICATE_REVOKED.code, organ.key)
    return record(
        CERTIFICATE_REVOKED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=Certificate(certificate=certificate),
        private={"reason": reason, "since": since.isoformat()}, subjects=[f"certificate:{certificate}"],
    )  # fmt: skip


@transaction.atomic
def note_replaced(*, actor: Actor, organ: Organ, replaced: Replaced) -> Recorded:
    """Record which key follows which. Needs `key.replaced` at the organ."""
    require(actor, KEY_REPLACED.code, organ.key)
    return record(
        KEY_REPLACED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=replaced,
        subjects=[f"key:{replaced.former}", f"key:{replaced.now}"],
    )  # fmt: skip

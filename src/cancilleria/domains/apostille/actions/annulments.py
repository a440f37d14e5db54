"""Annulling a certificate: alone, or proposed for a second person to confirm where the profile wants two."""

from __future__ import annotations

from django.db import transaction

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions.certificates import ReasonMissing
from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.kernel.organs import pairs
from cancilleria.kernel.organs.actions import propose_act
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ, Proposal
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import ANNULS
from cancilleria.kernel.register.verbs import Verb


@transaction.atomic
def annul_apostille(
    *, actor: Actor, apostille: Apostille, reason: str, seconded: pairs.Seconded | None = None
) -> Recorded:
    """Annul with a reason that verification shows. The number is never reused. Needs `apostille.annulled`.

    Raises NeedsSecond where the profile wants two persons and no second one confirmed.
    """
    return _annul(actor, verbs.APOSTILLE_ANNULLED, apostille, reason, seconded)


@transaction.atomic
def annul_legalisation(
    *, actor: Actor, legalisation: Legalisation, reason: str, seconded: pairs.Seconded | None = None
) -> Recorded:
    """The same for a legalisation. Needs `legalisation.annulled`."""
    return _annul(actor, verbs.LEGALISATION_ANNULLED, legalisation, reason, seconded)


@transaction.atomic
def propose_annulment(*, actor: Actor, certificate: Apostille | Legalisation, reason: str) -> Proposal:
    """Ask a second person to confirm an annulment. Needs the power to annul. Raises ReasonMissing, AlreadyAsked."""
    organ, purpose = Organ.objects.get(pk=certificate.case.organ), queries.purpose_of(certificate.entry)
    return propose_act(
        actor=actor, verb=f"{purpose}.annulled", organ=organ, subject=f"{purpose}:{certificate.pk}",
        arguments={"reason": _given(reason)}, about=[f"case:{certificate.case_id}"],
    )  # fmt: skip


def _annul(
    actor: Actor, verb: Verb, certificate: Apostille | Legalisation, reason: str, seconded: pairs.Seconded | None
) -> Recorded:
    organ = Organ.objects.get(pk=certificate.case.organ)
    require(actor, verb.code, organ.key)
    pairs.demand(verb.code, seconded)
    subjects = [f"case:{certificate.case_id}", f"{queries.purpose_of(certificate.entry)}:{certificate.pk}"]
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, public=verbs.Reason(reason=_given(reason)),
        relation=(ANNULS, certificate.entry_id), subjects=subjects,
    )  # fmt: skip


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()

"""What the apostille does when a second person confirms what one officer proposed."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as translate

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions import annul_apostille
from cancilleria.domains.apostille.models import Apostille
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.pairs import Arguments, Overtaken, Paired, Seconded
from cancilleria.kernel.register.actions import Recorded
from cancilleria.kernel.register.queries import status_of


def annul(actor: Actor, subject: str, arguments: Arguments, seconded: Seconded) -> Recorded:
    """Annul as the officer who asked. Raises Overtaken when it was corrected or annulled in between."""
    apostille = _apostille(subject)
    if not status_of(apostille.entry).in_force:
        raise Overtaken
    return annul_apostille(actor=actor, apostille=apostille, reason=arguments["reason"], seconded=seconded)


def tell_annulment(subject: str, arguments: Arguments) -> str:
    return translate("Anular la apostilla %(number)s: %(reason)s") % {
        "number": queries.number_of(_apostille(subject).entry), "reason": arguments["reason"],
    }  # fmt: skip


def _apostille(subject: str) -> Apostille:
    key = uuid.UUID(subject.removeprefix("apostille:"))
    return Apostille.objects.select_related("entry", "case").get(pk=key)


PAIRED = {verbs.APOSTILLE_ANNULLED.code: Paired(annul, tell_annulment)}

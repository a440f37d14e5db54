"""What both desks do with the button that annuls: annul, or propose it where two persons are needed; and how they tell it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.pairs import needs_second

WAITS = _("Otra propuesta sobre este certificado espera respuesta. Véala en «Por confirmar».")


def annul(actor: Actor, certificate: Apostille | Legalisation, reason: str) -> object:
    """Annul now, or ask a second person, as the profile says."""
    if needs_second(f"{queries.purpose_of(certificate.entry)}.annulled"):
        return actions.propose_annulment(actor=actor, certificate=certificate, reason=reason)
    if isinstance(certificate, Legalisation):
        return actions.annul_legalisation(actor=actor, legalisation=certificate, reason=reason)
    return actions.annul_apostille(actor=actor, apostille=certificate, reason=reason)


def told(request: HttpRequest, annulled: str) -> str:
    """What was done, or that it waits for a second person."""
    if request.POST.get("do") == "annul" and needs_second(annulled):
        return translate("Queda propuesta la anulación: el certificado sigue vigente hasta que otra persona confirme.")
    return translate("Quedó asentado en el registro.")

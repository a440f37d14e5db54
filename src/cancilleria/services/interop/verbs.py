"""What is recorded of programs: the tokens they use and the addresses that are told of acts. Opaque."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class OfToken(Facts):
    """How many powers it has and for how many days."""

    scopes: int
    days: int


class OfSubscription(Facts):
    """How many kinds of acts it asks for."""

    kinds: int


class OfDelivery(Facts):
    """How often it was tried."""

    attempts: int


TOKEN_MADE = Verb("token.made", _("Dio una llave a un programa por {days} días"), owner="interop", facts=OfToken)
TOKEN_REVOKED = Verb("token.revoked", _("Anuló la llave de un programa"), owner="interop")
WEBHOOK_SUBSCRIBED = Verb(
    "webhook.subscribed", _("Suscribió una dirección a {kinds} clases de actos"), owner="interop", facts=OfSubscription
)
WEBHOOK_ENDED = Verb("webhook.ended", _("Dio de baja una dirección suscrita"), owner="interop")
WEBHOOK_UNDELIVERED = Verb(
    "webhook.undelivered", _("Dejó de intentar un aviso a un programa tras {attempts} intentos"), owner="interop",
    facts=OfDelivery,
)  # fmt: skip
WEBHOOK_RESENT = Verb("webhook.resent", _("Mandó de nuevo los avisos que no llegaron a un programa"), owner="interop")

VERBS = (TOKEN_MADE, TOKEN_REVOKED, WEBHOOK_SUBSCRIBED, WEBHOOK_ENDED, WEBHOOK_UNDELIVERED, WEBHOOK_RESENT)

"""What is recorded of notices: that one left, or never arrived. Opaque, because they are about people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class OfNotice(Facts):
    """What the notice told, and the way it left by; its text and address are private."""

    kind: str
    channel: str


NOTICE_SENT = Verb("notice.sent", _("Envió el aviso por correo electrónico"), owner="notices", facts=OfNotice)
NOTICE_FILED = Verb(
    "notice.filed", _("Dejó el aviso en un archivo, sin enviarlo: esta instalación no tiene servidor de correo"),
    owner="notices", facts=OfNotice,
)  # fmt: skip
NOTICE_FAILED = Verb(
    "notice.failed", _("No pudo entregar el aviso por correo electrónico: avise por otro medio"), owner="notices",
    facts=OfNotice,
)  # fmt: skip

VERBS = (NOTICE_SENT, NOTICE_FILED, NOTICE_FAILED)

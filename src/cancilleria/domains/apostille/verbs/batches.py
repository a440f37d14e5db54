"""What is recorded of batches and of signing in bulk: opaque, the acts themselves are recorded one by one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Sent(Facts):
    """How many files the batch holds, as its sender counts them."""

    files: int


class Refused(Facts):
    """Why a file of a batch is no request."""

    problem: str


class Tally(Facts):
    """What became of a batch so far, or of an order: taken in or done, and not."""

    done: int
    refused: int


class Ordered(Facts):
    """How many cases an officer ordered to be certified together."""

    cases: int


BATCH_RECEIVED = Verb("batch.received", _("Envió un lote de {files} documentos"), owner="apostille", facts=Sent)
BATCH_REFUSED = Verb("batch.refused", _("No se admitió un archivo del lote"), owner="apostille", facts=Refused)
BATCH_CLOSED = Verb(
    "batch.closed", _("Terminó el envío del lote: {done} solicitudes, {refused} archivos no admitidos"),
    owner="apostille", facts=Tally,
)  # fmt: skip
SIGNING_ORDERED = Verb(
    "signing.ordered", _("Ordenó apostillar {cases} expedientes juntos"), owner="apostille", facts=Ordered
)
SIGNING_FINISHED = Verb(
    "signing.finished",
    _("Se cumplió la orden: {done} apostillas, {refused} sin emitir"),
    owner="apostille",
    facts=Tally,
)

VERBS = (BATCH_RECEIVED, BATCH_REFUSED, BATCH_CLOSED, SIGNING_ORDERED, SIGNING_FINISHED)

"""Batches of institutions, and what an officer orders to issue at once. Opaque: they tell who works with whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class BatchFacts(Facts):
    """Whose, and how many files it had when it came."""

    entity: str
    documents: int


class Counts(Facts):
    """What came in and what was refused since the last closing."""

    accepted: int
    refused: int


class Ordered(Facts):
    """How many cases the officer confirmed."""

    cases: int


class Finished(Facts):
    """What became of them."""

    issued: int
    missed: int


class Why(Facts):
    """The coded reason."""

    code: str


BATCH_RECEIVED = Verb(
    "batch.received", _("Recibió un lote de {documents} documentos"), owner="apostille", facts=BatchFacts
)
BATCH_REFUSED = Verb("batch.refused", _("No admitió un documento de un lote"), owner="apostille", facts=Why)
BATCH_CLOSED = Verb(
    "batch.closed", _("Terminó de recibir el lote: {accepted} admitidos, {refused} no admitidos"), owner="apostille",
    facts=Counts,
)  # fmt: skip
BULK_ORDERED = Verb("bulk.ordered", _("Confirmó emitir {cases} apostillas en bloque"), owner="apostille", facts=Ordered)
BULK_MISSED = Verb("bulk.missed", _("No se emitió en la firma en bloque"), owner="apostille", facts=Why)
BULK_FINISHED = Verb(
    "bulk.finished", _("Terminó la firma en bloque: {issued} emitidas, {missed} no emitidas"), owner="apostille",
    facts=Finished,
)  # fmt: skip
VERBS = (BATCH_RECEIVED, BATCH_REFUSED, BATCH_CLOSED, BULK_ORDERED, BULK_MISSED, BULK_FINISHED)

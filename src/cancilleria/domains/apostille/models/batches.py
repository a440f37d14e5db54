"""Batches of institutions, and orders to issue in bulk. What became of each document or case is a row of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.models import Entry

IN, REFUSED = "in", "refused"
PENDING, ISSUED, MISSED = "pending", "issued", "missed"


class Batch(models.Model):
    """Documents that an institution sends together. Its key is the institution's own: sent again, it is the same batch."""

    id = models.UUIDField(primary_key=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="batches")
    key = models.TextField()
    organ = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="batch")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "key"], name="batch_once")]


class BatchItem(models.Model):
    """One document by its content: the same bytes in the same batch are one case.

    `counted` when a closing of the batch told it: each state of a document is told once.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    sha256 = models.CharField(max_length=64)
    name = models.TextField()
    state = models.TextField()
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="batch_item")
    code = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="why it was refused, as the institution was told")
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="batch_document_once"),
            models.CheckConstraint(
                condition=Q(state=IN, case__isnull=False, reason="") | Q(state=REFUSED, case=None) & ~Q(reason=""),
                name="batch_document_in_or_refused",
            ),
        ]


class BulkOrder(models.Model):
    """What an officer confirmed at once. `key` was made by the page: pressed again, it is the same order."""

    id = models.UUIDField(primary_key=True)
    actor = models.TextField(help_text="the posting that confirmed, and that issues")
    organ = models.TextField()
    key = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="bulk_order")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="bulk_order_once")]


class BulkItem(models.Model):
    """One case of an order, at the revision the officer saw, and what became of it."""

    order = models.ForeignKey(BulkOrder, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="bulk_items")
    seen = models.PositiveIntegerField()
    outcome = models.TextField(default=PENDING)
    code = models.TextField(blank=True, help_text="why it was not issued")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "case"], name="bulk_case_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=[PENDING, ISSUED], code="") | Q(outcome=MISSED) & ~Q(code=""),
                name="bulk_missed_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="bulk_pending", condition=Q(outcome=PENDING))]

"""What institutions send together, and what officers sign together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.models import Entry


class Batch(models.Model):
    """Documents of one entity, sent together. What is sent again under the same id goes on where it stopped."""

    id = models.UUIDField(primary_key=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="batches")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="batch")


class BatchItem(models.Model):
    """One file of a batch, known by its bytes: a case, or the code and the words of what keeps it from being one."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="batch_item")
    problem = models.TextField(blank=True)
    message = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="batch_item_once"),
            models.CheckConstraint(
                condition=Q(case=None) & ~Q(problem="") | Q(case__isnull=False, problem=""),
                name="batch_item_in_or_refused",
            ),
        ]


class BulkSigning(models.Model):
    """Cases an officer looked at and ordered to be certified together; the worker does it under that officer's name."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="bulk_signing")
    officer = models.TextField(help_text="key under which the officer acts")
    organ = models.TextField()
    finished = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")


class BulkItem(models.Model):
    """One case of the order: `reason` says why it was not certified, `done` that its turn is over."""

    order = models.ForeignKey(BulkSigning, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="bulk_items")
    done = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "case"], name="bulk_item_once")]
        ordering = ["pk"]

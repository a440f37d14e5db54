"""Bytes, kept once under their SHA-256, and the documents whose versions they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.kernel.documents.rules import CLASSIFICATIONS, RESERVED

ORIGINAL, SIGNED, STAMPED = "original", "signed", "stamped"


class Blob(models.Model):
    """Bytes in the store. A row is written only after its file is on disk."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.BigIntegerField()
    media_type = models.TextField()
    inspection = models.JSONField(null=True, help_text="what the child process read, so that nobody reads it again")
    created_at = models.DateTimeField(auto_now_add=True)


class Document(models.Model):
    """A document under a random key; `title` is for people."""

    key = models.UUIDField(primary_key=True)
    title = models.TextField()
    classification = models.TextField(default=RESERVED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(classification__in=CLASSIFICATIONS), name="document_class_known")
        ]


class Version(models.Model):
    """One state of a document's bytes. Versions are added, never replaced."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.TextField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="versions")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_once")]
        ordering = ["number"]

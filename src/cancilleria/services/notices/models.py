"""The outbox: notices written in the act's own transaction, sent after it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

CREATED, SENDING, SENT, DELIVERED, TEMPORARY, PERMANENT = (
    "created", "sending", "sent", "delivered", "temporary-failure", "permanent-failure",
)  # fmt: skip
STATUSES = (CREATED, SENDING, SENT, DELIVERED, TEMPORARY, PERMANENT)


class Notice(models.Model):
    """One message to one person. `delivered` is only ever set from a provider's own report."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    case = models.UUIDField()
    recipient = models.EmailField(blank=True)
    language = models.CharField(max_length=5)
    status = models.TextField(default=CREATED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=STATUSES), name="notice_status_known")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(status__in=[CREATED, SENDING, TEMPORARY]), name="notice_due"),
            models.Index(fields=["case"], name="notice_case"),
        ]

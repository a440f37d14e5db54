"""Tokens of programs, answers already given, subscriptions and what is delivered to them, destinations that do not answer."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cancilleria.kernel.register.models import Entry

WAITING, SENDING, SENT, DEAD = "waiting", "sending", "sent", "dead"
STATUSES = (WAITING, SENDING, SENT, DEAD)


class Token(models.Model):
    """What a program shows in the place of an officer. Only its SHA-256 is kept.

    `holder` is the posting or cover it acts under, `scopes` the powers of that post it was given.
    """

    id = models.UUIDField(primary_key=True)
    label = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    holder = models.TextField()
    officer = models.TextField()
    scopes = ArrayField(models.TextField())
    expires_at = models.DateTimeField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    revoked = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(scopes=[]), name="token_has_scopes")]
        indexes = [models.Index(fields=["officer"], name="token_of_officer")]


class Answer(models.Model):
    """What a key sent by a program was answered: the same key gets the same answer (DECISIONS 20)."""

    scope = models.TextField()
    key = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    kind = models.TextField(blank=True)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="answer_once")]
        indexes = [models.Index(fields=["created_at"], name="answer_age")]


class Subscription(models.Model):
    """An address that wants to hear of acts. `position` is the first place of the log it has not been told of."""

    id = models.UUIDField(primary_key=True)
    organ = models.TextField()
    address = models.TextField()
    verbs = ArrayField(models.TextField())
    position = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    ended = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verbs=[]), name="subscription_has_verbs"),
            models.CheckConstraint(condition=Q(position__gte=0), name="subscription_position"),
        ]


class Delivery(models.Model):
    """One act told to one subscription; `dead` once it was tried as often as it may."""

    id = models.UUIDField(primary_key=True)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    status = models.TextField(default=WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "entry"], name="delivery_once"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="delivery_status_known"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(status__in=[WAITING, SENDING]), name="delivery_due"),
        ]


class Destination(models.Model):
    """A host that failed: nothing is sent to it before `closed_until`."""

    host = models.TextField(primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)

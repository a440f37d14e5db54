"""Tables of the register. Triggers and the functions behind them are in the first migration."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

RECTIFIES, ANNULS, ANNOTATES, ERASES, FOLLOWS = "rectifies", "annuls", "annotates", "erases", "follows"


class Book(models.Model):
    """The counter of one organ's book in one civil year. Its row is locked while a number is given."""

    organ = models.TextField()
    kind = models.TextField()
    year = models.IntegerField()
    last_number = models.IntegerField()

    class Meta:
        db_table = "register_book"
        constraints = [models.UniqueConstraint(fields=["organ", "kind", "year"], name="book_once")]


class Entry(models.Model):
    """One line of the register: written once, never changed, by anybody."""

    id = models.UUIDField(primary_key=True)
    origin = models.TextField()
    v = models.SmallIntegerField()
    alg = models.TextField()
    verb = models.TextField()
    organ = models.TextField()
    actor = models.TextField()
    book = models.TextField(null=True)
    year = models.IntegerField(null=True)
    number = models.IntegerField(null=True)
    performed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    zone = models.TextField()
    relation = models.TextField(null=True)
    target = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    classification = models.TextField(default="publico")
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()
    head_part = models.BinaryField(null=True)
    head_salt = models.BinaryField(null=True)
    public_part = models.BinaryField()
    public_salt = models.BinaryField()
    facts_part = models.BinaryField()
    facts_salt = models.BinaryField()
    public = models.JSONField()
    facts = models.JSONField()
    subjects = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "register_entry"
        constraints = [
            models.UniqueConstraint(fields=["organ", "book", "year", "number"], name="entry_number_once"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(relation__in=[RECTIFIES, ANNULS]), name="entry_chain_is_linear"
            ),
            models.CheckConstraint(
                condition=Q(book=None, year=None, number=None)
                | Q(book__isnull=False, year__isnull=False, number__gt=0),
                name="entry_number_whole",
            ),
            models.CheckConstraint(
                condition=Q(relation=None, target=None)
                | Q(relation__in=[RECTIFIES, ANNULS, ANNOTATES, ERASES, FOLLOWS], target__isnull=False),
                name="entry_relation_whole",
            ),
        ]
        indexes = [
            GinIndex(fields=["subjects"], name="entry_subjects"),
            models.Index(fields=["verb", "recorded_at"], name="entry_verb_time"),
        ]


class EntryPrivate(models.Model):
    """The private part and its salt: erasable, under a recorded act of erasure only."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="private")
    part = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        db_table = "register_entry_private"


class Unsequenced(models.Model):
    """An entry the log has not taken yet. Inserted with the entry, so that late commits are never overlooked."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)

    class Meta:
        db_table = "register_unsequenced"


class Leaf(models.Model):
    """Which place of which log an entry has."""

    origin = models.TextField()
    index = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="log_leaf")
    leaf_hash = models.BinaryField()

    class Meta:
        db_table = "register_leaf"
        constraints = [models.UniqueConstraint(fields=["origin", "index"], name="leaf_once")]


class Checkpoint(models.Model):
    """A signed head of the log, as decided by the database before any file is written."""

    origin = models.TextField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "register_checkpoint"
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="checkpoint_once")]


class Cosignature(models.Model):
    """A witness's word that it saw this head, and that it continues the one it saw before."""

    origin = models.TextField()
    size = models.BigIntegerField()
    witness = models.TextField()
    line = models.TextField()

    class Meta:
        db_table = "register_cosignature"
        constraints = [models.UniqueConstraint(fields=["origin", "size", "witness"], name="cosignature_once")]

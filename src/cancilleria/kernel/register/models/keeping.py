"""Tables of what surrounds the acts: pads for when there is no line, acts of older systems, reads, holds, erasures.

Like entries they speak of organs, officers and subjects by their keys.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cancilleria.kernel.register.models.entries import Entry

BLANK, USED, SPOILED = "blank", "used", "spoiled"
SLIP_STATES = (BLANK, USED, SPOILED)
ERASED, FILES = "erased", "files"


class Pad(models.Model):
    """A pad of numbered slips that an organ keeps for the day it has no power or no line."""

    id = models.UUIDField(primary_key=True)
    organ = models.TextField()
    name = models.TextField(unique=True, help_text="printed before the number of each slip")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="pad")

    class Meta:
        db_table = "register_pad"
        constraints = [
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first")), name="pad_numbers_in_order")
        ]


class Slip(models.Model):
    """One sheet of a pad: blank, used by the act that was entered later, or spoiled."""

    id = models.UUIDField(primary_key=True)
    pad = models.ForeignKey(Pad, models.PROTECT, related_name="slips")
    number = models.PositiveIntegerField()
    state = models.TextField(default=BLANK)
    act = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="slip")
    sheet = models.UUIDField(null=True, help_text="key of the document with the scanned sheet")

    class Meta:
        db_table = "register_slip"
        constraints = [
            models.UniqueConstraint(fields=["pad", "number"], name="slip_once"),
            models.CheckConstraint(condition=Q(state__in=SLIP_STATES), name="slip_state_known"),
            models.CheckConstraint(
                condition=Q(state=USED, act__isnull=False) | (~Q(state=USED) & Q(act=None)), name="slip_used_by_an_act"
            ),
        ]


class BookStart(models.Model):
    """A book that goes on where one of an older system ended: its first number of ours is `after` plus one."""

    organ = models.TextField()
    kind = models.TextField()
    year = models.IntegerField()
    after = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="book_start")

    class Meta:
        db_table = "register_book_start"
        constraints = [
            models.UniqueConstraint(fields=["organ", "kind", "year"], name="book_start_once"),
            models.CheckConstraint(condition=Q(after__gte=1), name="book_start_after_something"),
        ]


class Imported(models.Model):
    """An act of an older system under its own number: which system, batch and row, and the digest of that row with its file."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="imported")
    system = models.TextField()
    batch = models.TextField()
    row = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    organ = models.TextField()
    verb = models.TextField()
    number = models.TextField()
    performed_on = models.DateField()
    document = models.UUIDField(null=True, help_text="key of the document, when the row named a file")

    class Meta:
        db_table = "register_imported"
        constraints = [
            models.UniqueConstraint(fields=["system", "organ", "verb", "number"], name="imported_once"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(system=""), name="imported_has_number_and_system"),
        ]
        indexes = [models.Index(fields=["number", "performed_on"], name="imported_by_number")]


class Read(models.Model):
    """That an officer opened something about a person. Only ever added."""

    id = models.BigAutoField(primary_key=True)
    actor = models.TextField()
    officer = models.TextField()
    organ = models.TextField()
    what = models.TextField()
    subject = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "register_read"
        indexes = [
            models.Index(fields=["officer", "-at"], name="read_of_officer"),
            models.Index(fields=["subject", "-at"], name="read_of_subject"),
        ]


class Withheld(models.Model):
    """A person or a case whose private data were erased, or whose files were destroyed, by the act `entry`."""

    subject = models.TextField()
    what = models.TextField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        db_table = "register_withheld"
        constraints = [
            models.UniqueConstraint(fields=["subject", "what"], name="withheld_once"),
            models.CheckConstraint(condition=Q(what__in=[ERASED, FILES]), name="withheld_known"),
        ]


class Hold(models.Model):
    """Nothing about this subject is disposed of until the hold is lifted."""

    subject = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    lifted = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "register_hold"
        constraints = [models.UniqueConstraint(fields=["subject"], condition=Q(lifted=None), name="hold_one_in_force")]

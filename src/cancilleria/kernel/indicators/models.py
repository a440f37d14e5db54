"""Counters folded from the log, plans, what officers closed and published, and what was entered by hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.kernel.register.models import Entry


class Cursor(models.Model):
    """How far in the log a rule's cells have been folded: every leaf below `size` is in them."""

    rule = models.TextField(primary_key=True)
    text = models.TextField()
    size = models.BigIntegerField(default=0)


class Cell(models.Model):
    """What one organ did in one month, split by the rule's dimensions: `n` acts, adding up to `total`."""

    rule = models.TextField()
    organ = models.TextField()
    month = models.DateField()
    dims = models.JSONField()
    n = models.BigIntegerField()
    total = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "month", "organ", "dims"], name="cell_once")]


class Closure(models.Model):
    """A figure as an officer closed it: of the acts that stood in the log below `size`, sealed by their digest."""

    indicator = models.TextField()
    organ = models.TextField(blank=True, help_text="empty: the whole ministry")
    start = models.DateField()
    end = models.DateField()
    size = models.BigIntegerField()
    rules = models.JSONField(help_text="texts and dimensions of numerator and denominator, as they were")
    counts = models.JSONField(help_text="n and total of numerator and denominator")
    acts_digest = models.CharField(max_length=64)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="closure")
    published = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="publication")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="closure_has_days"),
        ]


class Target(models.Model):
    """What the plan wants of an indicator in a year, for an organ or, empty, the ministry."""

    indicator = models.TextField()
    organ = models.TextField(blank=True)
    year = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "organ", "year"], name="target_once")]


class ManualValue(models.Model):
    """A value nobody can compute, entered by an officer with its evidence; marked as such wherever it shows."""

    indicator = models.TextField()
    organ = models.TextField()
    month = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    evidence = models.CharField(max_length=64, help_text="SHA-256 of the document that supports it")
    entry = models.OneToOneField(Entry, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "organ", "month"], name="manual_value_once")]


class Plan(models.Model):
    """A plan as it was last loaded; `content` is what `plan.plan_from` reads."""

    key = models.TextField(primary_key=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")


class PublicCell(models.Model):
    """A cell of a published table: of a group (an organ, a value, or the whole) over a period. A hidden one holds no counts."""

    closure = models.ForeignKey(Closure, models.PROTECT, related_name="cells")
    table = models.TextField(help_text="organ, or the dimension that splits")
    group = models.TextField(help_text="key of the organ or value; `total` for all")
    start = models.DateField()
    end = models.DateField()
    counts = models.JSONField(null=True, help_text="n and total of numerator and denominator; null: hidden")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closure", "table", "group", "start", "end"], name="public_cell_once")
        ]

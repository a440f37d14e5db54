"""Organs with keys for ever, dated names, States they are accredited to or house, and decreed days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

KINDS = (
    "ministry",
    "directorate",
    "embassy",
    "permanent-representation",
    "consulate-general",
    "consulate",
    "consular-section",
    "honorary-consulate",
    "regional-office",
    "commercial-office",
    "attached-body",
)


class DateRange(Func):
    """The days from one column to another, both included; an empty end is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = DateRangeField()


def one_at_a_time(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with the same columns on the same day; of all rows, or of those that meet the condition."""
    days = (DateRange(F("from_date"), F("to_date")), RangeOperators.OVERLAPS)
    equal = ((column, RangeOperators.EQUAL) for column in columns)
    return ExclusionConstraint(name=name, expressions=[days, *equal], condition=condition)


class Organ(models.Model):
    """An organ of the ministry. The key is given once and never renamed or reused; the code stands in numbers.

    `supervised_by` watches over its work (an honorary consulate's post); `successor` keeps its books once it is closed.
    """

    key = models.TextField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    supervised_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supervised")
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    country = models.CharField(max_length=2)
    city = models.TextField()
    zone = models.TextField(help_text="IANA zone")
    weekend = ArrayField(models.SmallIntegerField(), help_text="ISO days, 6 and 7 for Saturday and Sunday")
    calendar = models.TextField(blank=True, help_text="country or country/subdivision of the holiday calendar")
    opens = models.TimeField()
    closes = models.TimeField()
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    source = models.TextField()
    source_status = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="organ_kind_known"),
            models.CheckConstraint(condition=Q(key__startswith="organ:"), name="organ_key_form"),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(closed_on__isnull=False), name="organ_successor_of_closed"
            ),
            models.CheckConstraint(condition=~Q(successor=F("key")), name="organ_not_its_own_successor"),
            models.CheckConstraint(condition=~Q(supervised_by=F("key")), name="organ_not_its_own_supervisor"),
        ]


class OrganName(models.Model):
    """What an organ is called in a language, from one day to another."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="names")
    language = models.CharField(max_length=5)
    name = models.TextField()
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    class Meta:
        constraints = [one_at_a_time("organ_one_name", "organ", "language")]


class Accreditation(models.Model):
    """A mission accredited before a further State (S50)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="accreditations")
    state = models.CharField(max_length=2)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [one_at_a_time("organ_accredited_once", "organ", "state")]


class Hosting(models.Model):
    """Another State's mission housed by an organ (S50)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="hostings")
    state = models.CharField(max_length=2)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [one_at_a_time("organ_hosts_once", "organ", "state")]


class DecreedDay(models.Model):
    """A day made working or not by decree, for every organ that follows `calendar`."""

    calendar = models.TextField()
    day = models.DateField()
    working = models.BooleanField()
    reason = models.TextField()
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="decreed_day_once")]

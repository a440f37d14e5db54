"""The network: organs with keys for ever, dated names, who serves where."""

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


def _one_at_a_time(name: str, *columns: str) -> ExclusionConstraint:
    """No two rows with the same columns on the same day."""
    days = (DateRange(F("from_date"), F("to_date")), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[days, *((c, RangeOperators.EQUAL) for c in columns)])


class Organ(models.Model):
    """An organ of the ministry. The key is given once and never renamed or reused; the code stands in numbers."""

    key = models.TextField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
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
        ]


class OrganName(models.Model):
    """What an organ is called in a language, from one day to another."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="names")
    language = models.CharField(max_length=5)
    name = models.TextField()
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    class Meta:
        constraints = [_one_at_a_time("organ_one_name", "organ", "language")]


class Accreditation(models.Model):
    """A mission accredited before a further State (S50)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="accreditations")
    state = models.CharField(max_length=2)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [_one_at_a_time("organ_accredited_once", "organ", "state")]


class Hosting(models.Model):
    """Another State's mission housed by an organ (S50)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="hostings")
    state = models.CharField(max_length=2)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [_one_at_a_time("organ_hosts_once", "organ", "state")]


class DecreedDay(models.Model):
    """A day made working or not by decree, for every organ that follows `calendar`."""

    calendar = models.TextField()
    day = models.DateField()
    working = models.BooleanField()
    reason = models.TextField()
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="decreed_day_once")]


class Post(models.Model):
    """A position at an organ and the powers it carries: verb codes and page codes."""

    key = models.TextField(primary_key=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="posts")
    title_es = models.TextField()
    title_en = models.TextField()
    powers = ArrayField(models.TextField())


class Officer(models.Model):
    """A person of the service, under a random key."""

    key = models.TextField(primary_key=True)
    given_names = models.TextField()
    first_surname = models.TextField()
    second_surname = models.TextField(blank=True)
    signature_line = models.TextField()

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_names, self.first_surname, self.second_surname) if part)


class Posting(models.Model):
    """An officer in a post from one day to another: the actor of every act."""

    key = models.TextField(primary_key=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        constraints = [_one_at_a_time("posting_one_at_a_time", "officer")]

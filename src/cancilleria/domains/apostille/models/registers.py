"""The registers behind a certificate: whose signature is known, who must have certified before, who is party."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.organs.models import DateRange
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.models import Entry

AUTHORITY, OWN_CONSUL, FOREIGN_CONSUL = "authority", "own_consul", "foreign_consul"
SPECIMEN_KINDS = (AUTHORITY, OWN_CONSUL, FOREIGN_CONSUL)


class Specimen(models.Model):
    """A signature this ministry knows: whose, in what capacity, of which entity, in which days; by hand, by key, or both.

    Rows are closed, never changed: what was wrong is withdrawn and `replaces` leads from the right row to it.
    """

    key = models.TextField(primary_key=True)
    kind = models.TextField(choices=[(kind, kind) for kind in SPECIMEN_KINDS], default=AUTHORITY)
    name = models.TextField()
    capacity = models.TextField()
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="specimens")
    state = models.CharField(max_length=2, blank=True, help_text="for which State they sign")
    organ = models.TextField(blank=True, help_text="where a consul of ours serves")
    posting = models.TextField(blank=True, help_text="the posting of a consul of ours")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the certificate")
    signature = models.ForeignKey(Document, models.PROTECT, null=True, related_name="signature_of")
    seal = models.ForeignKey(Document, models.PROTECT, null=True, related_name="seal_of")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    words = models.TextField(help_text="name, capacity and entity, folded: for finding")
    withdrawn = models.BooleanField(default=False, help_text="it was wrong: nobody relies on it")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SPECIMEN_KINDS), name="specimen_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=OWN_CONSUL) & ~Q(organ="") | ~Q(kind=OWN_CONSUL) & Q(organ=""),
                name="specimen_own_consul_has_organ",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="specimen_days_in_order"
            ),
            ExclusionConstraint(
                name="specimen_one_holder_of_a_certificate",
                expressions=[
                    ("fingerprint", RangeOperators.EQUAL),
                    (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
                ],
                condition=~Q(fingerprint="") & Q(withdrawn=False),
            ),
        ]


class AskedSpecimen(models.Model):
    """A signature that was not on file and that an entity was asked for; the case waits until it is registered."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="asked_specimen")
    case = models.ForeignKey(Case, models.PROTECT, related_name="asked_specimens")
    name = models.TextField()
    capacity = models.TextField()
    entity = models.TextField()
    specimen = models.ForeignKey(Specimen, models.PROTECT, null=True, related_name="answers")


class Certifier(models.Model):
    """Who must have certified a kind of document before this ministry does, in their order: data of the profile."""

    kind = models.TextField()
    place = models.PositiveSmallIntegerField()
    name_es = models.TextField(help_text="also the words that its entity's name holds")
    name_en = models.TextField()
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="certifier_once")]
        ordering = ["kind", "place"]


class Party(models.Model):
    """A State party to the Convention, and since when it is in force with ours."""

    state = models.TextField(primary_key=True)
    in_force_on = models.DateField(null=True)
    with_us_on = models.DateField(null=True)
    objection = models.BooleanField(default=False)
    source = models.TextField()
    as_of = models.DateField()

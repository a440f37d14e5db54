"""Certificates. Number, date and fields stand in their entries; what became of them, in the entries after."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.domains.apostille.models.registers import Specimen
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.register.models import Entry

OUTWARD, CONSULAR, INWARD = "outward", "consular", "inward"
DIRECTIONS = (OUTWARD, CONSULAR, INWARD)


class Certificate(models.Model):
    """What an apostille and a legalisation have in common: one act, of one case, on one known signature."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="%(class)s")
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")
    specimen = models.ForeignKey(Specimen, models.PROTECT, related_name="%(class)ss")
    original = models.ForeignKey(Document, models.PROTECT, related_name="%(class)ss")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="%(class)s")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        abstract = True


class Apostille(Certificate):
    """A certificate of the Convention."""


class Legalisation(Certificate):
    """A certificate where the Convention does not reach; `prior` is the one of our consul that headquarters legalises."""

    direction = models.TextField(choices=[(direction, direction) for direction in DIRECTIONS])
    prior = models.ForeignKey("self", models.PROTECT, null=True, related_name="onward")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=DIRECTIONS), name="legalisation_direction_known"),
            models.CheckConstraint(condition=Q(prior=None) | Q(direction=INWARD), name="legalisation_prior_of_inward"),
        ]

"""The register of authorities, the parties to the Convention, and apostilles."""

from __future__ import annotations

from django.db import models

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.models import Entry


class Authority(models.Model):
    """A person whose signature may be apostilled: capacity, entity, certificate, and the days in office."""

    key = models.TextField(primary_key=True)
    name = models.TextField()
    capacity = models.TextField()
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="authorities")
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the certificate")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()


class Party(models.Model):
    """A State party to the Convention, and since when it is in force with ours."""

    state = models.TextField(primary_key=True)
    in_force_on = models.DateField(null=True)
    with_us_on = models.DateField(null=True)
    objection = models.BooleanField(default=False)
    source = models.TextField()
    as_of = models.DateField()


class Apostille(models.Model):
    """One certificate. Number, date and the ten fields stand in its entry; what became of it, in the entries after."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="apostille")
    case = models.ForeignKey(Case, models.PROTECT, related_name="apostilles")
    authority = models.ForeignKey(Authority, models.PROTECT)
    original = models.ForeignKey(Document, models.PROTECT, related_name="apostilles")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="apostille")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

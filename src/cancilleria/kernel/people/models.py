"""Parties to acts. Persons, their documents and their contacts stand under row-level security (DECISIONS 14)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

CONTACT_KINDS = ("email", "phone", "address")
ENTITY_KINDS = ("public", "private", "international")


class Person(models.Model):
    """A natural person under a random key. The order of names is the stored sort key: the database has no ICU."""

    key = models.TextField(primary_key=True)
    given_names = models.TextField()
    first_surname = models.TextField(blank=True)
    second_surname = models.TextField(blank=True)
    travel_form = models.TextField(blank=True, help_text="the name as travel documents print it (Doc 9303 part 3)")
    folded_name = models.TextField(db_index=True)
    sort_key = models.TextField(db_index=True)
    birth_date = models.DateField(null=True)
    organs = ArrayField(
        models.TextField(), default=list, help_text="organs that have dealt with this person, and see them"
    )

    @property
    def public_id(self) -> str:
        """The random part of the key, for addresses."""
        return self.key.removeprefix("person:")

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_names, self.first_surname, self.second_surname) if part)


class IdentityDocument(models.Model):
    """A document that identifies a person: kind, number and issuing State are unique together."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identity_documents")
    kind = models.TextField()
    number = models.TextField()
    issuing_state = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "issuing_state"], name="identity_document_once")
        ]


class Contact(models.Model):
    """Where a person said they can be reached. Given, not proved: whoever files a request writes it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    kind = models.TextField(choices=[(kind, kind) for kind in CONTACT_KINDS])
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value"], name="contact_once"),
            models.CheckConstraint(condition=Q(kind__in=CONTACT_KINDS), name="contact_kind_known"),
        ]


class Entity(models.Model):
    """An institution that issues documents or is party to an act. One name in one country is one entity."""

    key = models.TextField(primary_key=True)
    name = models.TextField()
    folded_name = models.TextField()
    kind = models.TextField(choices=[(kind, kind) for kind in ENTITY_KINDS])
    country = models.CharField(max_length=2, blank=True, help_text="where it has its seat; empty when international")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folded_name", "country"], name="entity_once"),
            models.CheckConstraint(condition=Q(kind__in=ENTITY_KINDS), name="entity_kind_known"),
        ]


class State(models.Model):
    """A State or other issuer of documents: ISO 3166, and the specials of Doc 9303 part 3 section 5."""

    code = models.TextField(primary_key=True)
    alpha3 = models.TextField(unique=True)
    name_es = models.TextField()
    name_en = models.TextField()
    special = models.BooleanField(default=False)
    source = models.TextField()

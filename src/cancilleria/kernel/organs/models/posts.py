"""Who serves where: posts and their powers, officers, postings, covers, and who confirms from afar."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cancilleria.kernel.organs.models.network import Organ, one_at_a_time

ACTING, LEAVE = "acting", "leave"


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
        constraints = [one_at_a_time("posting_one_at_a_time", "officer")]


class Cover(models.Model):
    """An officer in another's post for some days: at its head while nobody holds it, or for whoever is on leave.

    `withheld` are the powers of the post they may not use; `signature_line` is what stands under their acts.
    """

    key = models.TextField(primary_key=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="covers")
    post = models.ForeignKey(Post, models.PROTECT, related_name="covers")
    kind = models.TextField(choices=[(ACTING, ACTING), (LEAVE, LEAVE)])
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    withheld = ArrayField(models.TextField(), default=list)
    signature_line = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[ACTING, LEAVE]), name="cover_kind_known"),
            models.CheckConstraint(condition=Q(key__startswith="cover:"), name="cover_key_form"),
            one_at_a_time("cover_one_acting", "post", condition=Q(kind=ACTING)),
            one_at_a_time("cover_once", "officer", "post"),
        ]


class SecondOfficer(models.Model):
    """An officer of another organ who confirms, from afar, acts of an organ too small to have a second person."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="seconds")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="seconds")
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        constraints = [one_at_a_time("second_once", "organ", "posting")]

"""What an organ answers for: acts that wait for a second person, stamps, and minutes of handover."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from cancilleria.kernel.organs.models.network import Organ
from cancilleria.kernel.organs.models.posts import Officer, Posting
from cancilleria.kernel.register.models import Entry

OPEN, SECONDED, DECLINED = "open", "seconded", "declined"
IN_USE, LOST, RETIRED = "in_use", "lost", "retired"
DRAWN, ACCEPTED, REPLACED = "drawn", "accepted", "replaced"


class TimeRange(Func):
    """From one instant up to another; an empty end is open."""

    function = "tstzrange"
    template = "%(function)s(%(expressions)s, '[)')"
    output_field = DateTimeRangeField()


class Proposal(models.Model):
    """An act somebody asked for and another person has to confirm. `proposed_by` is the posting or cover that asked.

    What was asked never changes, and an answer is final: a trigger stands behind.
    """

    id = models.UUIDField(primary_key=True)
    verb = models.TextField()
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="proposals")
    subject = models.TextField()
    arguments = models.JSONField()
    proposer = models.ForeignKey(Officer, models.PROTECT, related_name="proposals")
    proposed_by = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="proposal")
    state = models.TextField(default=OPEN)
    second = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="seconded")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[OPEN, SECONDED, DECLINED]), name="proposal_state_known"),
            models.CheckConstraint(condition=~Q(second=F("proposer")), name="proposal_takes_two_persons"),
            models.CheckConstraint(
                condition=Q(state=SECONDED, second__isnull=False) | (~Q(state=SECONDED) & Q(second=None)),
                name="proposal_seconded_by_somebody",
            ),
            models.UniqueConstraint(fields=["verb", "subject"], condition=Q(state=OPEN), name="proposal_open_once"),
        ]


class Stamp(models.Model):
    """A stamp or seal somebody answers for; `imprint` is the text it prints."""

    key = models.TextField(primary_key=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="stamps")
    kind = models.TextField()
    label = models.TextField()
    imprint = models.TextField()
    state = models.TextField(default=IN_USE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[IN_USE, LOST, RETIRED]), name="stamp_state_known"),
            models.UniqueConstraint(fields=["organ", "label"], name="stamp_label_once"),
        ]


class Custody(models.Model):
    """Who had a stamp, from when to when."""

    stamp = models.ForeignKey(Stamp, models.PROTECT, related_name="custodies")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="custodies")
    from_time = models.DateTimeField()
    to_time = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="stamp_one_custodian",
                expressions=[
                    (TimeRange(F("from_time"), F("to_time")), RangeOperators.OVERLAPS),
                    ("stamp", RangeOperators.EQUAL),
                ],
            )
        ]


class Handover(models.Model):
    """Minutes of what one officer leaves to another: the lines, frozen with their digest, and both signatures.

    `given_by` and `taken_by` are the postings or covers that signed. The lines never change: a trigger stands behind.
    """

    id = models.UUIDField(primary_key=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="handovers")
    outgoing = models.ForeignKey(Officer, models.PROTECT, related_name="handed_over")
    incoming = models.ForeignKey(Officer, models.PROTECT, related_name="received")
    lines = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.TextField(default=DRAWN)
    remarks = models.TextField(blank=True)
    differences = models.TextField(blank=True)
    drawn = models.OneToOneField(Entry, models.PROTECT, related_name="handover_drawn")
    accepted = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="handover_accepted")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[DRAWN, ACCEPTED, REPLACED]), name="handover_state_known"),
            models.CheckConstraint(condition=~Q(incoming=F("outgoing")), name="handover_takes_two_persons"),
            models.CheckConstraint(
                condition=Q(state=ACCEPTED, accepted__isnull=False) | (~Q(state=ACCEPTED) & Q(accepted=None)),
                name="handover_accepted_by_an_act",
            ),
            models.UniqueConstraint(fields=["organ"], condition=Q(state=DRAWN), name="handover_open_once"),
        ]

"""Drafts, submissions and cases. A case lives by the snapshot it was submitted under."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cancilleria.kernel.cases.rules import NEXT, OPEN_STATES, OUTCOME_NAMES
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.models import Entry


class ProcedureVersion(models.Model):
    """A snapshot of structure and norm. Old ones are kept for ever: cases live by them."""

    procedure = models.TextField()
    number = models.PositiveIntegerField()
    structure = models.JSONField()
    norm = models.JSONField()
    digest = models.TextField()
    valid_from = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once")]


class Draft(models.Model):
    """Answers on their way. Whoever has its code may go on with it, on any device, until it expires."""

    id = models.UUIDField(primary_key=True)
    procedure = models.TextField()
    version = models.ForeignKey(ProcedureVersion, models.PROTECT)
    code_digest = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=5)
    updated_at = models.DateTimeField(auto_now=True)


class DraftDocument(models.Model):
    """A document attached to a draft, by field."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="documents")
    field = models.TextField()
    document = models.OneToOneField(Document, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "field"], name="draft_document_once")]


class Case(models.Model):
    """A case file. Its number stands in its entry only (DECISIONS 11), with the organ that gave it.

    `back` is where a paused case returns to; `asked` are the fields to correct by `answer_by`; `appeals` is the case whose
    decision this one asks to review; `revision` counts acts, so that two officers never overwrite each other in silence.
    """

    id = models.UUIDField(primary_key=True)
    procedure = models.TextField()
    version = models.ForeignKey(ProcedureVersion, models.PROTECT)
    organ = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="case")
    applicant = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases")
    contact = models.EmailField()
    language = models.CharField(max_length=5)
    answers = models.JSONField()
    state = models.TextField()
    outcome = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    officer = models.TextField(blank=True, help_text="posting of whoever took it")
    filed_at = models.DateTimeField()
    filed_on = models.DateField()
    due_on = models.DateField()
    zone = models.TextField()
    term = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    channel = models.TextField(default="portal")
    back = models.TextField(blank=True)
    asked = ArrayField(models.TextField(), default=list)
    asked_reason = models.TextField(blank=True)
    answer_by = models.DateField(null=True)
    lapsed = models.BooleanField(default=False)
    notified_on = models.DateField(null=True)
    ready_on = models.DateField(null=True)
    appeals = models.OneToOneField("self", models.PROTECT, null=True, related_name="appeal")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(NEXT)), name="case_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *OUTCOME_NAMES]), name="case_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["organ", "state", "due_on", "id"], name="case_tray"),
            models.Index(fields=["applicant", "-filed_at"], name="case_of_person"),
            models.Index(fields=["state", "due_on"], name="case_clock"),
            # The tray, of one organ and of all of them: open cases in the order in which they fall due.
            models.Index(fields=["organ", "due_on", "id"], name="case_open", condition=Q(state__in=OPEN_STATES)),
            models.Index(fields=["due_on", "id"], name="case_open_everywhere", condition=Q(state__in=OPEN_STATES)),
        ]


class CaseDocument(models.Model):
    """A document of a case, by the field it was asked in."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="documents")
    field = models.TextField()
    document = models.OneToOneField(Document, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "field"], name="case_document_once")]


class Note(models.Model):
    """What an officer wrote in a case for the others; never shown to whoever asked."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    entry = models.OneToOneField(Entry, models.PROTECT)
    text = models.TextField()


class Submission(models.Model):
    """What a key sent by the client already made: the same key gives the same case (DECISIONS 20)."""

    scope = models.TextField()
    key = models.TextField()
    body_hash = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="submission_once")]

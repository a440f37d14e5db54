"""Whoever asks is given what is held about them, and only that; and every opening of personal data is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.cases import data_verbs as verbs
from cancilleria.kernel.cases.holding import matter_of_person, organ_of
from cancilleria.kernel.cases.traces import Matter, traces
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.models import Entry, Read
from cancilleria.kernel.register.queries import private_of, sentence_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class File:
    """A file of the person's, under a name made of its document and version."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Dossier:
    """Everything held about one person: rows by room, acts of the register, who opened them and when, files."""

    rows: Mapping[str, list[Mapping[str, object]]]
    entries: list[Mapping[str, object]]
    reads: list[Mapping[str, object]]
    files: list[File]


@transaction.atomic
def give_data(*, actor: Actor, person: Person) -> Dossier:
    """Gather what is held about a person, for them. Needs `data.given` at an organ that deals with them.

    What an entry says in private is given only when it is about nobody else.
    """
    organ = Organ.objects.get(pk=organ_of(actor, person))
    require(actor, verbs.DATA_GIVEN.code, organ.key)
    matter = matter_of_person(person)
    found = Dossier(
        {name: list(trace.tell(matter)) for name, trace in traces},
        _entries(matter),
        _reads(matter),
        list(_files(matter)),
    )
    told = verbs.Given(
        cases=len(matter.cases), entries=len(found.entries), reads=len(found.reads), files=len(found.files)
    )
    record(
        verbs.DATA_GIVEN, organ=organ.key, zone=organ.zone, actor=actor.key, facts=told, subjects=matter.subjects[:1]
    )
    return found


@transaction.atomic
def note_read(*, actor: Actor, what: str, subject: str) -> Read:
    """Write down that an officer opened `what` about a subject (`person:…`, `case:…`).

    The first opening past the limit of the profile within an hour is recorded as an alarm; nobody is kept from their work.
    """
    organ = Organ.objects.get(pk=actor.organ)
    made = Read.objects.create(
        actor=actor.key, officer=actor.officer, organ=organ.key, what=what, subject=subject, at=timezone.now()
    )
    limit = house_rules().reads_per_hour
    recent = Read.objects.filter(officer=actor.officer, at__gt=made.at - HOUR).values("subject").distinct()
    if limit and recent[: limit + 2].count() > limit and not _told(actor):
        record(
            verbs.READS_EXCEEDED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=verbs.TooMany(limit=limit),
            subjects=[actor.officer],
        )  # fmt: skip
    return made


def _told(actor: Actor) -> bool:
    """Whether the alarm about this officer was given within the hour."""
    since = timezone.now() - HOUR
    return Entry.objects.filter(
        verb=verbs.READS_EXCEEDED.code, subjects__contains=[actor.officer], recorded_at__gt=since
    ).exists()


def _entries(matter: Matter) -> list[Mapping[str, object]]:
    own = set(matter.subjects)
    found = Entry.objects.filter(subjects__overlap=matter.subjects).order_by("recorded_at", "pk")
    return [
        {
            "verb": entry.verb, "sentence": sentence_of(entry), "organ": entry.organ, "performed_at": entry.performed_at,
            "recorded_at": entry.recorded_at, "year": entry.year, "number": entry.number, "public": entry.public,
            "facts": entry.facts, "private": _private(entry, own), "leaf_sha256": bytes(entry.leaf_hash).hex(),
        }
        for entry in found
    ]  # fmt: skip


def _private(entry: Entry, own: set[str]) -> Mapping[str, object] | None:
    others = {key for key in entry.subjects if key.startswith(("case:", "person:"))} - own
    if others:
        return None
    return {name: value for name, value in (private_of(entry.pk) or {}).items() if name != "subjects"}


def _reads(matter: Matter) -> list[Mapping[str, object]]:
    """By whom as a posting at an organ: the names of officers are not the person's data."""
    found = Read.objects.filter(subject__in=matter.subjects).order_by("at")
    return list(found.values("at", "organ", "what", "subject"))


def _files(matter: Matter) -> list[File]:
    documents: dict[object, Document] = {d.pk: d for _, trace in traces for d in trace.files(matter)}
    found = []
    for place, document in enumerate(documents.values(), start=1):
        for version in document.versions.select_related("blob").order_by("number"):
            ending = version.blob.media_type.rpartition("/")[2]
            found.append(File(f"{place:03d}-v{version.number}-{version.kind}.{ending}", content(version)))
    return found

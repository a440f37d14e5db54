"""Erasure of private data and its reach (DECISIONS 9), and the disposal of what is past its time. Numbers and proofs stay."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases import data_verbs as verbs
from cancilleria.kernel.cases.doors import erasure_list
from cancilleria.kernel.cases.holding import matter_of_person, organ_of
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import OPEN_STATES
from cancilleria.kernel.cases.traces import Matter, traces
from cancilleria.kernel.documents.erasure import destroy
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import NeedsSecond, Overtaken, Seconded
from cancilleria.kernel.organs.scope import reveal
from cancilleria.kernel.people.models import Person
from cancilleria.kernel.register.actions import Recorded, erase_private, record
from cancilleria.kernel.register.canonical import decode
from cancilleria.kernel.register.doors import tasks
from cancilleria.kernel.register.models import Entry, EntryPrivate, Hold, Withheld
from cancilleria.kernel.register.models.keeping import ERASED, FILES

LIST_TASK = "erasure.listed"
# Why private data are erased. The words are for people, the codes for the register.
CAUSES = {
    "request": _("Lo pidió la persona y corresponde por ley"),
    "order": _("Lo ordenó una autoridad"),
    "unlawful": _("No debieron recogerse"),
    "retention": _("Venció el plazo de conservación"),
}


class OnHold(ValueError):
    """A hold keeps a case of this person: lift it first."""


class StillOpen(ValueError):
    """A case of this person waits for its decision: nothing of it is disposed of before."""


@transaction.atomic
def erase_person(*, actor: Actor, person: Person, cause: str, seconded: Seconded | None = None) -> Recorded:
    """Erase what is private about a person and all their cases, everywhere; numbers, facts and proofs stay.

    Always takes two persons. Needs `data.erased` at an organ that deals with the person. Raises OnHold, StillOpen, and
    Overtaken when it was done before. The bytes leave the disk after commit.
    """
    _authorise(actor, organ_of(actor, person), seconded)
    return _erase(actor, organ_of(actor, person), matter_of_person(person), cause)


@transaction.atomic
def erase_case(*, actor: Actor, case: Case, cause: str, seconded: Seconded | None = None) -> Recorded:
    """The same for one case: the person behind it stays on file for their other matters."""
    _authorise(actor, case.organ, seconded)
    return _erase(actor, case.organ, Matter("", (case.pk,)), cause)


@transaction.atomic
def dispose_case(*, actor: Actor, case: Case, seconded: Seconded) -> int:
    """Erase a case whose time is over; returns how many files went. The act of retention that asks checked authority."""
    recorded = _erase(actor, case.organ, Matter("", (case.pk,)), "retention")
    return int(Entry.objects.get(pk=recorded.id).facts["files"])


@transaction.atomic
def destroy_files(*, actor: Actor, case: Case, cause: str, seconded: Seconded) -> int:
    """Destroy the files of a case and keep what was answered. Returns how many went; the act that asks checked authority."""
    matter = Matter("", (case.pk,))
    _free(matter)
    gone = len(destroy([document for _, trace in traces for document in trace.files(matter)]))
    recorded = record(
        verbs.FILES_DESTROYED, organ=case.organ, zone=case.zone, actor=actor.key, facts=verbs.Because(cause=cause),
        subjects=matter.subjects,
    )  # fmt: skip
    Withheld.objects.create(subject=f"case:{case.pk}", what=FILES, entry_id=recorded.id)
    return gone


@transaction.atomic
def erase_again(*, actor: Actor, subject: str, cause: str) -> Recorded | None:
    """Do on a restored database what the list of erasures says was done; None when it is done, or was never known here.

    For the system alone: two persons decided it once, before the backup was restored.
    """
    require(actor, verbs.DATA_ERASED.code)
    kind, _, key = subject.partition(":")
    if Withheld.objects.filter(subject=subject, what=ERASED).exists():
        return None
    if kind == "person":
        reveal(subject)
        person = Person.objects.filter(pk=subject).first()
        if person is None:
            return None
        return _erase(actor, person.organs[0], matter_of_person(person), cause, again=True)
    case = Case.objects.filter(pk=key).first()
    return _erase(actor, case.organ, Matter("", (case.pk,)), cause, again=True) if case else None


def _authorise(actor: Actor, organ: str, seconded: Seconded | None) -> None:
    require(actor, verbs.DATA_ERASED.code, organ)
    if seconded is None:
        raise NeedsSecond(verbs.DATA_ERASED.code)


def _free(matter: Matter) -> None:
    if Hold.objects.filter(subject__in=matter.subjects, lifted=None).exists():
        raise OnHold
    if Case.objects.filter(pk__in=matter.cases, state__in=OPEN_STATES).exists():
        raise StillOpen


def _erase(actor: Actor, organ: str, matter: Matter, cause: str, *, again: bool = False) -> Recorded:
    """Entries, rows and files, then the act that tells it; its line is written once all of it is committed."""
    subject = matter.subjects[0]
    if not again:
        _free(matter)
    if Withheld.objects.filter(subject=subject, what=ERASED).exists():
        raise Overtaken
    place = Organ.objects.get(pk=organ)
    facts = verbs.Because(cause=cause)
    opened = record(
        verbs.ERASURE_DECIDED, organ=organ, zone=place.zone, actor=actor.key, facts=facts, subjects=matter.subjects
    )
    Withheld.objects.bulk_create(
        [Withheld(subject=key, what=ERASED, entry_id=opened.id) for key in matter.subjects], ignore_conflicts=True
    )
    documents = [document for _, trace in traces for document in trace.files(matter)]
    rows = sum(trace.erase(matter) for _, trace in traces)
    entries, files = _erase_entries(actor, matter, facts), destroy(documents)
    told = verbs.Reach(
        cause=cause, scope=subject.partition(":")[0], cases=len(matter.cases), entries=entries, rows=rows, files=len(files),
        again=again or None,
    )  # fmt: skip
    recorded = record(
        verbs.DATA_ERASED, organ=organ, zone=place.zone, actor=actor.key, facts=told, subjects=matter.subjects
    )
    # At once, and again by the queue should the disk be full or the power fail just then.
    transaction.on_commit(partial(erasure_list().add, subject, cause, files), robust=True)
    tasks().defer(LIST_TASK, subject=subject, cause=cause, files=" ".join(files))
    return recorded


def _erase_entries(actor: Actor, matter: Matter, facts: verbs.Because) -> int:
    """The private part of every entry about the matter that says more than which keys it is about."""
    about = Entry.objects.filter(subjects__overlap=matter.subjects, private__isnull=False).order_by("pk")
    done = 0
    for entry in about.only("pk", "organ", "zone"):
        part = decode(bytes(EntryPrivate.objects.get(pk=entry.pk).part))
        if not isinstance(part, dict) or part.keys() <= {"subjects"}:
            continue
        erase_private(
            target=entry.pk, verb=verbs.PART_ERASED, organ=entry.organ, zone=entry.zone, actor=actor.key, facts=facts
        )
        done += 1
    return done

"""What cases, people, documents and the register itself keep about somebody. The other rooms declare theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Q, QuerySet

from cancilleria.kernel.cases.models import Case, CaseDocument, Draft, DraftDocument, Note, Submission
from cancilleria.kernel.cases.queries import format_number
from cancilleria.kernel.cases.traces import Matter, Rows, Trace
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Proposal
from cancilleria.kernel.people.models import Contact, IdentityDocument, Person
from cancilleria.kernel.register.models import Imported

UNSAID = "—"


def matter_of_person(person: Person) -> Matter:
    """A person with every case of theirs, at whatever organ."""
    cases = Case.objects.filter(applicant=person).order_by("filed_at").values_list("pk", flat=True)
    return Matter(person.key, tuple(cases))


def organ_of(actor: Actor, person: Person) -> str:
    """The organ in whose name an officer acts about a person: their own when it deals with them."""
    return actor.organ if actor.organ in person.organs else str(person.organs[0])


def _tell_people(matter: Matter) -> Rows:
    for person in Person.objects.filter(pk=matter.person):
        yield {"name": person.name, "travel_form": person.travel_form, "birth_date": person.birth_date}
    for document in IdentityDocument.objects.filter(person=matter.person):
        yield {"document": document.kind, "number": document.number, "issuing_state": document.issuing_state}
    for contact in Contact.objects.filter(person=matter.person):
        yield {"contact": contact.kind, "value": contact.value}


def _erase_people(matter: Matter) -> int:
    if not matter.person:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_erase(%s)", [matter.person])
        row: tuple[int] = cursor.fetchone()
    return row[0]


def _tell_cases(matter: Matter) -> Rows:
    for case in _cases(matter).select_related("entry"):
        yield {
            "number": format_number(case.entry.organ, case.entry.year, case.entry.number), "procedure": case.procedure,
            "organ": case.organ, "state": case.state, "outcome": case.outcome, "reason": case.reason,
            "contact": case.contact, "filed_at": case.filed_at, "answers": case.answers, "asked": case.asked_reason,
        }  # fmt: skip
    for note in Note.objects.filter(case__in=matter.cases):
        yield {"note": note.text}


def _erase_cases(matter: Matter) -> int:
    cases = _cases(matter)
    rows = cases.update(answers={}, contact="", reason="", asked_reason="")
    rows += Note.objects.filter(case__in=matter.cases).update(text="")
    drafts = Submission.objects.filter(case__in=matter.cases).values_list("scope", flat=True)
    keys = [scope.removeprefix("draft:") for scope in drafts if scope.startswith("draft:")]
    gone, _ = Submission.objects.filter(case__in=matter.cases).delete()
    Draft.objects.filter(pk__in=keys).delete()
    return rows + gone


def _files_of_cases(matter: Matter) -> Iterable[Document]:
    return Document.objects.filter(pk__in=CaseDocument.objects.filter(case__in=matter.cases).values("document"))


def _drafts(matter: Matter) -> QuerySet[Draft]:
    """Drafts nobody submitted that name a document or an address of this person."""
    numbers = IdentityDocument.objects.filter(person=matter.person).values_list("number", flat=True)
    emails = Contact.objects.filter(person=matter.person, kind="email").values_list("value", flat=True)
    given = Case.objects.filter(pk__in=matter.cases).exclude(contact="").values_list("contact", flat=True)
    if not matter.person:
        return Draft.objects.none()
    # An address may serve a whole family: it tells whose a draft is only while that names no document.
    unnamed = Q(answers__document_number=None) | Q(answers__document_number="")
    return Draft.objects.filter(
        Q(answers__document_number__in=list(numbers)) | unnamed & Q(answers__email__in=[*emails, *given])
    )


def _tell_drafts(matter: Matter) -> Rows:
    return [{"procedure": draft.procedure, "answers": draft.answers} for draft in _drafts(matter)]


def _erase_drafts(matter: Matter) -> int:
    found = list(_drafts(matter))
    for draft in found:
        draft.documents.all().delete()
        draft.delete()
    return len(found)


def _files_of_drafts(matter: Matter) -> Iterable[Document]:
    return Document.objects.filter(pk__in=DraftDocument.objects.filter(draft__in=_drafts(matter)).values("document"))


def _proposals(matter: Matter) -> QuerySet[Proposal]:
    return Proposal.objects.filter(entry__subjects__overlap=matter.subjects)


def _tell_proposals(matter: Matter) -> Rows:
    return [{"act": found.verb, "state": found.state, "arguments": found.arguments} for found in _proposals(matter)]


def _erase_proposals(matter: Matter) -> int:
    """What was written to justify an act of two persons; the act can be answered still."""
    rows = 0
    for found in _proposals(matter):
        kept = {
            name: text if name in ("cause", "rule", "until", "organ") else UNSAID
            for name, text in found.arguments.items()
        }
        rows += Proposal.objects.filter(pk=found.pk).exclude(arguments=kept).update(arguments=kept)
    return rows


def _imported(matter: Matter) -> QuerySet[Imported]:
    """Acts of older systems about this person."""
    return Imported.objects.filter(entry__subjects__overlap=[matter.person] if matter.person else [])


def _tell_imported(matter: Matter) -> Rows:
    return _imported(matter).order_by("performed_on").values("system", "organ", "verb", "number", "performed_on")


def _files_of_imported(matter: Matter) -> Iterable[Document]:
    return Document.objects.filter(pk__in=_imported(matter).exclude(document=None).values("document"))


def _cases(matter: Matter) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=matter.cases).order_by("filed_at")


# Drafts first: they are found by what the person's rows say. People last, for the same reason.
TRACES: Mapping[str, Trace] = {
    "drafts": Trace(_tell_drafts, _erase_drafts, _files_of_drafts),
    "cases": Trace(_tell_cases, _erase_cases, _files_of_cases),
    # Number and day of an act are official and stay; its file goes.
    "imported": Trace(_tell_imported, lambda _: 0, _files_of_imported),
    "proposals": Trace(_tell_proposals, _erase_proposals),
    "people": Trace(_tell_people, _erase_people),
}

"""Acts of an older system: kept under their own numbers with their provenance, and books that go on where theirs ended."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.documents import verbs
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.actions import find_or_create_person
from cancilleria.kernel.people.models import Person, State
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import Book, BookStart, Imported
from cancilleria.kernel.register.verbs import UnknownVerb
from cancilleria.kernel.register.verbs import verbs as declared


class NotImportable(ValueError):
    """The act cannot be taken over: `code` is one of those in PROBLEMS of whoever imports."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class OldPerson:
    """Whom an act of an older system was about, as it told it: known by an identity document, as everybody here."""

    given_names: str
    first_surname: str
    second_surname: str
    document_kind: str
    document_number: str
    issuing_state: str


@dataclass(frozen=True)
class OldAct:
    """An act as an older system told it. `verb` is what it would be here: `apostille.issued`."""

    system: str
    batch: str
    row: int
    number: str
    performed_on: date
    organ: str
    verb: str
    destination: str = ""
    kind: str = ""

    def digest(self, data: bytes | None, person: OldPerson | None) -> str:
        """Of everything it says but where it stood, and of its file: the same act sent twice has the same."""
        said = {name: str(value) for name, value in asdict(self).items() if name not in ("batch", "row")}
        said |= asdict(person) if person else {}
        file = hashlib.sha256(data).hexdigest() if data is not None else ""
        return hashlib.sha256(json.dumps([said, file], sort_keys=True).encode()).hexdigest()


@transaction.atomic
def import_act(
    *, actor: Actor, act: OldAct, data: bytes | None, title: str = "", person: OldPerson | None = None
) -> Imported | None:
    """Take over one act with its PDF; None when it was taken over before. Nothing is numbered and nothing is signed.

    With a `person` it is among what is kept about them: told to whoever asks for it, and reached by their erasure. Needs `act.imported` at the organ. Raises NotImportable, and Refused for a file that cannot be kept.
    """
    organ = Organ.objects.filter(pk=act.organ).first()
    if organ is None:
        raise NotImportable("no_such_organ")
    require(actor, verbs.ACT_IMPORTED.code, organ.key)
    _check(act, organ)
    digest = act.digest(data, person)
    known = Imported.objects.filter(system=act.system, organ=act.organ, verb=act.verb, number=act.number).first()
    if known is not None:
        if known.digest != digest:
            raise NotImportable("other_content")
        return None
    document = take_in(data, title=title or act.number) if data is not None else None
    made = uuid7()
    about = _person(actor, organ, person) if person else None
    recorded = _record(actor, act, organ, document, [f"imported:{made}", *([about.key] if about else [])])
    return Imported.objects.create(
        id=made, entry_id=recorded.id, system=act.system, batch=act.batch, row=act.row, digest=digest, organ=act.organ,
        verb=act.verb, number=act.number, performed_on=act.performed_on, document=document.pk if document else None,
    )  # fmt: skip


@transaction.atomic
def begin_book(*, actor: Actor, organ: Organ, kind: str, year: int, after: int) -> BookStart:
    """Let a book go on after the last number of an older system's. Only a book in which nothing was numbered yet.

    Needs `book.begun` at the organ. Raises NotImportable.
    """
    require(actor, verbs.BOOK_BEGUN.code, organ.key)
    if kind not in {verb.book for verb in declared if verb.book}:
        raise NotImportable("no_such_book")
    if after < 1:
        raise NotImportable("nothing_to_carry")
    if Book.objects.filter(organ=organ.key, kind=kind, year=year).exists():
        raise NotImportable("book_in_use")
    facts = verbs.Carried(book=kind, year=year, after=after)
    recorded = record(verbs.BOOK_BEGUN, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts)
    start = BookStart.objects.create(organ=organ.key, kind=kind, year=year, after=after, entry_id=recorded.id)
    Book.objects.create(organ=organ.key, kind=kind, year=year, last_number=after)
    return start


def _check(act: OldAct, organ: Organ) -> None:
    try:
        verb = declared.get(act.verb)
    except UnknownVerb:
        raise NotImportable("no_such_verb") from None
    if verb.book is None:
        raise NotImportable("not_numbered")
    if not act.number or len(act.number) > 60 or not act.number.isprintable():
        raise NotImportable("bad_number")
    if act.performed_on > timezone.localdate(timezone=ZoneInfo(organ.zone)):
        raise NotImportable("to_come")


def _person(actor: Actor, organ: Organ, person: OldPerson) -> Person:
    if not (
        person.given_names and person.first_surname and person.document_number
        and person.document_kind in ministry().identity_documents
        and State.objects.filter(pk=person.issuing_state).exists()
    ):  # fmt: skip
        raise NotImportable("bad_person")
    return find_or_create_person(actor=actor, organ=organ.key, zone=organ.zone, **asdict(person))


def _record(actor: Actor, act: OldAct, organ: Organ, document: Document | None, subjects: list[str]) -> Recorded:
    """At noon of its day, where the organ is: older systems kept no hour."""
    version = latest(document) if document else None
    return record(
        verbs.ACT_IMPORTED, organ=organ.key, zone=organ.zone, actor=actor.key,
        performed_at=datetime.combine(act.performed_on, time(12), ZoneInfo(organ.zone)),
        public=verbs.OldNumber(old_number=act.number, system=act.system),
        facts=verbs.Origin(
            system=act.system, batch=act.batch, row=act.row, of=act.verb, destination=act.destination or None,
            kind=act.kind or None,
        ),
        subjects=subjects, documents=[version.blob_id] if version else [],
    )  # fmt: skip

"""The cast: a ministry of Utopia with its people, and quiet stand-ins behind the kernel's doors."""

from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from unittest import mock

from cancilleria.kernel.cases import actions, drafts
from cancilleria.kernel.cases import doors as case_doors
from cancilleria.kernel.cases import verbs as case_verbs
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.documents import doors as document_doors
from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.rules import Inspection, inspection_from
from cancilleria.kernel.organs import doors as organ_doors
from cancilleria.kernel.organs.actions import load_network, post_officer
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, Actor, actor_for
from cancilleria.kernel.organs.limits import HouseRules, house_rules
from cancilleria.kernel.organs.models import Officer, Organ, Post
from cancilleria.kernel.organs.profile import OPTIONAL_COLUMNS, ORGAN_COLUMNS, by_key, digest_of, read_csv
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.testing import club

UTOPIA = organ_doors.Ministry(
    "utopia", "UT", "organ:club", {"es": "Ministerio de Utopía"}, {"es": "República de Utopía", "en": "U", "fr": "U"},
    {"es": "Ministerio de Utopía", "en": "Ministry", "fr": "Ministère"},
    identity_documents={"passport": {"es": "Pasaporte", "en": "Passport"}, "card": {"es": "Tarjeta", "en": "Card"}},
)  # fmt: skip
PROFILE = Path(__file__).resolve().parent / "profile"
HEADQUARTERS = "organ:club"
AUTHORITY = frozenset({"officer.posted", "officer.relieved", case_verbs.PROCEDURE_CHANGED.code})
PDF = b"%PDF-1.7\n% a letter from Alicia\n"


@dataclass
class MemoryStore:
    """Bytes in memory behind the door of blobs."""

    held: dict[str, bytes] = field(default_factory=dict)

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.held[sha256] = data
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            return self.held[sha256]
        except KeyError:
            raise FileNotFoundError(sha256) from None

    def delete(self, sha256: str) -> None:
        self.held.pop(sha256, None)


@dataclass(frozen=True)
class NoSignatures:
    """Reads a file in the real child process, and finds no signature in it."""

    function: str = "cancilleria.kernel.testing.reader:one_page"

    def given(self) -> Mapping[str, object]:
        return {}


@dataclass
class Sent:
    """Notices that left, instead of an outbox."""

    kinds: list[str] = field(default_factory=list)

    def send(self, kind: str, *, case: str, recipient: str, language: str) -> str:
        self.kinds.append(kind)
        return "email" if recipient else "portal"


class NothingOwed:
    """A ministry that charges nothing, instead of the fees."""

    def order(self, *, actor: Actor, case: Case) -> bool:
        return False

    def owes(self, case: uuid.UUID) -> bool:
        return False

    def ordered(self, case: uuid.UUID) -> bool:
        return False

    def ended(self, *, actor: Actor, case: Case) -> None:
        return None


@dataclass
class Queued:
    """Tasks that were asked for, instead of a queue."""

    tasks: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def defer(self, name: str, **ids: str) -> None:
        self.tasks.append((name, ids))


@dataclass
class Cast:
    """Alicia decides at the club; Bruno sits at another organ; Carla asks from abroad; Diego may see everything."""

    alicia: Actor
    bruno: Actor
    diego: Actor
    store: MemoryStore
    sent: Sent
    queued: Queued
    carla: Actor = CITIZEN

    def draft(self, **answers: str) -> Draft:
        """A complete request of Carla's to join the club."""
        draft = drafts.start(procedures.get("membership"))
        given = {"age": "adult", "given_names": "Carla", "first_surname": "Inventada", "email": "carla@utopia.example"}
        drafts.answer(draft, {**given, **answers})
        drafts.attach(draft, "letter", PDF, title="Carta")
        return draft

    def submit(self, draft: Draft | None = None, *, key: str = "") -> Case:
        found = draft or self.draft()
        body = drafts.body_digest(found)
        return actions.submit_case(
            actor=self.carla, draft=found, key=key or uuid.uuid4().hex, body=body, capital=HEADQUARTERS
        ).case


@lru_cache(maxsize=512)
def _read_once(data: bytes, function: str, given: str) -> object:
    return parsing.in_child(data, function=function, given=json.loads(given))


def inspect(data: bytes, *, function: str, given: Mapping[str, object]) -> Inspection:
    """What the real child process reads in the bytes: the same bytes are read once in a run, not once in each test."""
    found = _read_once(data, function, json.dumps(given, sort_keys=True))
    assert isinstance(found, dict)
    return inspection_from(found)


@contextlib.contextmanager
def on_stage() -> Iterator[Cast]:
    """Open the doors with stand-ins, load Utopia, and post everybody. Needs the database."""
    store, sent, queued = MemoryStore(), Sent(), Queued()
    with contextlib.ExitStack() as held:
        held.enter_context(document_doors.blobs.held(store))
        held.enter_context(document_doors.inspector.held(NoSignatures()))
        held.enter_context(mock.patch.object(parsing, "inspect", inspect))
        held.enter_context(case_doors.notices.held(sent))
        held.enter_context(case_doors.fees.held(NothingOwed()))
        held.enter_context(organ_doors.ministry.held(UTOPIA))
        held.enter_context(house_rules.held(HouseRules()))
        held.enter_context(register_doors.tasks.held(queued))
        if "membership" not in procedures:
            procedures.register([club.MEMBERSHIP])
        load_utopia()
        yield Cast(
            alicia=officer("Alicia", HEADQUARTERS, {"desk.cases", club.POWER}),
            bruno=officer("Bruno", "organ:branch-abroad", {"desk.cases", club.POWER}),
            diego=officer("Diego", HEADQUARTERS, {"desk.cases*", "desk.people", "case.appeal", *AUTHORITY}),
            store=store, sent=sent, queued=queued,
        )  # fmt: skip


def load_utopia() -> None:
    """The invented ministry's organs and the club's norm."""
    path = PROFILE / "organs.csv"
    rows = by_key(list(read_csv(path, ORGAN_COLUMNS, OPTIONAL_COLUMNS)), path)
    load_network(actor=SYSTEM, profile="utopia", digest=digest_of(PROFILE), organs=rows, decreed=[])
    actions.load_procedures(actor=SYSTEM, organ=Organ.objects.get(pk=HEADQUARTERS), norms={"membership": club.NORM})


def officer(name: str, organ: str, powers: set[str]) -> Actor:
    """An officer posted at an organ with powers of their own."""
    key = f"officer:{uuid.uuid4()}"
    person = Officer.objects.create(key=key, given_names=name, first_surname="Inventado", signature_line=name)
    post = Post.objects.create(
        key=f"post:{name.lower()}", organ_id=organ, title_es="Puesto", title_en="Post", powers=sorted(powers)
    )
    return actor_for(post_officer(actor=SYSTEM, officer=person, post=post, from_date=date(2026, 1, 1)))

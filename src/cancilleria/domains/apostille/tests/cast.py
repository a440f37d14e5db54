"""The stage of the apostille: Utopia with its authorities, keys of a demonstration, and a log that turns."""

from __future__ import annotations

import base64
import contextlib
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from cancilleria.domains.apostille.actions import load_parties, register_authority
from cancilleria.domains.apostille.models import Authority
from cancilleria.domains.apostille.rules import Membership
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import load_procedures, submit_case
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.documents import doors as document_doors
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.people.actions import load_states, register_entity
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.people.profile import read_states
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.club import NORM
from cancilleria.services.signing import office, pki
from cancilleria.services.signing.demonstration import make_document, sign_as_entity
from cancilleria.services.signing.trust import TrustList

SINCE = date(2010, 9, 30)
PARTIES = [
    Membership("ES", SINCE, SINCE, False), Membership("GR", SINCE, None, True),
    Membership("AR", SINCE, date(2099, 1, 1), False),
]  # fmt: skip
POWERS = {"desk.cases", "apostille.issued", "apostille.corrected", "apostille.annulled", "authority.registered"}
ANSWERS = {
    "destination": "ES", "kind": "civil_registry", "given_names": "Carla", "first_surname": "Inventada",
    "document_kind": "passport", "document_number": "X1", "issuing_state": "ES", "email": "carla@utopia.example",
}  # fmt: skip


@dataclass(frozen=True)
class Keys:
    """Keys made once for a test run."""

    folder: Path
    entities: pki.Identity
    rosa: pki.Identity
    document: bytes
    scan: bytes


@lru_cache(maxsize=1)
def keys() -> Keys:
    folder = settings.HOME / "claves"
    folder.mkdir(parents=True, exist_ok=True)
    office.make_test_pki(folder, ministry="Ministerio de Utopía", country="UT")
    entities = pki.load(folder / f"{office.ENTITIES}.pem")
    rosa = pki.make_signer(
        "ROSA INVENTADA",
        organisation="Registro Inventado",
        title="Registradora",
        country="UT",
        above=entities,
        at=pki.now(),
    )
    scan = make_document(
        title="Partida", entity="Registro Inventado", text="Consta.", signer="Rosa", capacity="Registradora",
        on=date(2026, 3, 1),
    )  # fmt: skip
    return Keys(folder, entities, rosa, sign_as_entity(scan, rosa, name="ROSA INVENTADA"), scan)


@dataclass(frozen=True)
class Reader:
    """Reads signatures in the real child process, trusting the invented entities' authority."""

    function: str = office.FUNCTION

    def given(self) -> Mapping[str, object]:
        return {"roots": [base64.b64encode(pki.der(keys().entities.certificate)).decode()]}


@dataclass
class Stage:
    """The people, and the machinery behind them."""

    people: Cast
    ana: Actor
    authority: Authority
    sequencer: Sequencer
    log: Signer
    drafts: list[Draft] = field(default_factory=list)

    def draft(self, data: bytes | None = None, **answers: str) -> Draft:
        draft = drafts.start(procedures.get("apostille"))
        drafts.answer(draft, {**ANSWERS, **answers})
        drafts.attach(draft, "document", data or keys().document, title="partida.pdf")
        return draft

    def submit(self, draft: Draft | None = None) -> Case:
        found = draft or self.draft()
        body = drafts.body_digest(found)
        return submit_case(actor=CITIZEN, draft=found, key=uuid.uuid4().hex, body=body, capital=HEADQUARTERS).case

    def trust(self) -> TrustList:
        return TrustList(date.today(), "Utopia", (self.log.verifier(),), (), 0, office.roots_of(keys().folder), True)  # noqa: DTZ011


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Doors open, States and parties loaded, Rosa registered, Ana at the desk."""
    log = Signer("registro.utopia.example", Ed25519PrivateKey.generate())
    files = Folder(folder / "registro")
    with contextlib.ExitStack() as held, on_stage() as people:
        held.enter_context(document_doors.inspector.held(Reader()))
        held.enter_context(register_doors.log_origin.held(log.name))
        held.enter_context(register_doors.log_files.held(files))
        organ = Organ.objects.get(pk=HEADQUARTERS)
        norm = NORM.__class__(**{**vars(NORM), "key": "apostille", "organ": HEADQUARTERS})
        load_procedures(actor=SYSTEM, organ=organ, norms={"apostille": norm})
        load_states(actor=SYSTEM, organ=organ.key, zone=organ.zone, rows=read_states())
        load_parties(actor=SYSTEM, rows=PARTIES, source="inventado", as_of=SINCE, digest="x")
        yield Stage(people, officer("Ana", HEADQUARTERS, POWERS), registered(), Sequencer(log, files), log)
    shutil.rmtree(folder / "registro", ignore_errors=True)


def entity(name: str = "Registro Inventado") -> Entity:
    """An entity whose officials sign."""
    return register_entity(actor=SYSTEM, organ=HEADQUARTERS, zone="UTC", name=name, kind="public", country="UT")


def registered(**changed: object) -> Authority:
    """Rosa's specimen in the register of authorities."""
    given: dict[str, object] = {
        "key": "authority:rosa", "name": "ROSA INVENTADA", "capacity": "Registradora", "entity": entity(),
        "fingerprint": keys().rosa.certificate.fingerprint(hashes.SHA256()).hex(), "valid_from": date(2025, 1, 1),
        "valid_to": None, "source": "inventado",
    }  # fmt: skip
    return register_authority(actor=SYSTEM, **{**given, **changed})  # type: ignore[arg-type]

"""The stage of the apostille: Utopia with its authorities, keys of a demonstration, and a log that turns."""

from __future__ import annotations

import base64
import contextlib
import io
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from PIL import Image

from cancilleria.domains.apostille.actions import correct_specimen, load_parties, receive_forms, register_specimen
from cancilleria.domains.apostille.models import Form, Specimen
from cancilleria.domains.apostille.rules import Comparison, Membership
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import load_procedures, submit_case
from cancilleria.kernel.cases.models import Case, Draft
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.documents import doors as document_doors
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.pages import pdf_of
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import Late
from cancilleria.kernel.people.actions import load_states, register_entity
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.people.profile import read_states
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.register.models import Slip
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.club import NORM
from cancilleria.services.seals import keys as seal_keys
from cancilleria.services.signing import office, pki
from cancilleria.services.signing.demonstration import make_document, sign_as_entity
from cancilleria.services.signing.trust import TrustList

SINCE = date(2010, 9, 30)
PARTIES = [
    Membership("ES", SINCE, SINCE, False), Membership("GR", SINCE, None, True),
    Membership("AR", SINCE, date(2099, 1, 1), False),
]  # fmt: skip
POWERS = {
    "desk.cases", "apostille.issued", "apostille.corrected", "apostille.annulled", "specimen.registered",
    "legalisation.issued", "legalisation.corrected", "legalisation.annulled", "form.received", "form.spoiled",
    "form.returned",
}  # fmt: skip
ABROAD = "organ:branch-abroad"
# The procedures of paper, and at whose window each is handled.
PAPER: Mapping[str, tuple[str, ...]] = {
    "apostille_paper": (HEADQUARTERS,), "legalisation_out": (HEADQUARTERS,),
    "legalisation_consul": ("kind:consulate-general",), "legalisation_inward": (HEADQUARTERS,),
}  # fmt: skip
PARTS = "Rosa Inventada; Registradora; Registro Inventado"
WHOLE = Comparison(signature=True, capacity=True, seal=True)
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
    if not (folder / seal_keys.KEY).exists():  # a process holds the key it loaded first
        (folder / seal_keys.KEY).write_bytes(seal_keys.make_key(SINCE))
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
    authority: Specimen
    sequencer: Sequencer
    log: Signer
    drafts: list[Draft] = field(default_factory=list)
    received: int = 0

    def draft(self, data: bytes | None = None, **answers: str) -> Draft:
        draft = drafts.start(procedures.get("apostille"))
        drafts.answer(draft, {**ANSWERS, **answers})
        drafts.attach(draft, "document", data or keys().document, title="partida.pdf")
        return draft

    def submit(self, draft: Draft | None = None) -> Case:
        found = draft or self.draft()
        body = drafts.body_digest(found)
        return submit_case(actor=CITIZEN, draft=found, key=uuid.uuid4().hex, body=body, capital=HEADQUARTERS).case

    def paper(self, key: str = "apostille_paper", actor: Actor | None = None, **answers: str) -> Case:
        """A request entered at the window, with its scan."""
        draft, officer = drafts.start(procedures.get(key)), actor or self.ana
        given = {**ANSWERS, "parts": PARTS, "signed_on": "2026-03-01", **answers}
        asked = {f.name for f in procedures.get(key).fields()}
        drafts.answer(draft, {name: text for name, text in given.items() if name in asked})
        drafts.attach(draft, "document", keys().scan, title="original.pdf")
        body = drafts.body_digest(draft)
        return submit_case(actor=officer, draft=draft, key=uuid.uuid4().hex, body=body, capital=HEADQUARTERS).case

    def form(self, organ: str = HEADQUARTERS) -> Form:
        """The next blank form of an organ, received now."""
        self.received += 1
        return receive_forms(actor=SYSTEM, organ=organ, series="A", first=self.received, count=1)[0]

    def trust(self) -> TrustList:
        roots, seals = office.roots_of(keys().folder), seal_keys.trusted_keys(keys().folder, "UT")
        return TrustList(SINCE, "Utopia", (self.log.verifier(),), (), 0, roots, True, seals)


def late(slip: Slip, at: datetime) -> Late:
    """What was done on a slip at that moment, with its scanned sheet."""
    sheet = take_in(keys().scan, title="Hoja")
    version = latest(sheet)
    assert version is not None
    return Late(slip, at, "Corte de luz", sheet.pk, version.blob_id)


def amended(scene: Stage, **changed: object) -> Specimen:
    """Rosa's specimen put right."""
    scene.authority = correct_specimen(actor=SYSTEM, specimen=scene.authority, reason="Error", **changed)
    return scene.authority


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
        norms = {key: replace(norm, key=key, organs=organs) for key, organs in PAPER.items()}
        load_procedures(actor=SYSTEM, organ=organ, norms={"apostille": norm, **norms})
        load_states(actor=SYSTEM, organ=organ.key, zone=organ.zone, rows=read_states())
        load_parties(actor=SYSTEM, rows=PARTIES, source="inventado", as_of=SINCE, digest="x")
        yield Stage(people, officer("Ana", HEADQUARTERS, POWERS), registered(), Sequencer(log, files), log)
    shutil.rmtree(folder / "registro", ignore_errors=True)


def entity(name: str = "Registro Inventado") -> Entity:
    """An entity whose officials sign."""
    return register_entity(actor=SYSTEM, organ=HEADQUARTERS, zone="UTC", name=name, kind="public", country="UT")


def registered(**changed: object) -> Specimen:
    """Rosa's specimen in the register of authorities."""
    given: dict[str, object] = {
        "name": "ROSA INVENTADA", "capacity": "Registradora", "entity": entity(),
        "fingerprint": keys().rosa.certificate.fingerprint(hashes.SHA256()).hex(), "valid_from": date(2025, 1, 1),
        "valid_to": None, "source": "inventado",
    }  # fmt: skip
    return register_specimen(actor=SYSTEM, **{**given, **changed})  # type: ignore[arg-type]


def by_hand(**changed: object) -> Specimen:
    """A specimen without a certificate: its signature and seal are images."""
    return registered(**{"fingerprint": "", "signature": image("firma"), "seal": image("sello"), **changed})


def image(title: str) -> Document:
    """A drawn signature or seal, taken in as a scanner's page."""
    return take_in(_drawn(), title=title)


@lru_cache(maxsize=1)
def _drawn() -> bytes:
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((160, 60)).save(drawn, "PNG")
    return pdf_of([drawn.getvalue()])

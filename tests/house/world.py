"""The world of the matrix: one office with its cases in every state, and somebody of every kind at the door.

Every object belongs to the headquarters, and every request was made by the same citizen; who may not see them stands elsewhere.
To bring an address into the matrix, name here the object its parameters stand for, and what its form sends.
"""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from pathlib import Path

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from tests.house.matrix import (
    ELSEWHERE,
    EVERYWHERE,
    HOLDER,
    NO_FACTOR,
    OFFICERS,
    OTHER_HOLDER,
    POWERLESS,
    RELIEVED,
    STRANGER,
    WITH,
    WITHOUT,
)  # fmt: skip

from cancilleria.domains.apostille import tasks
from cancilleria.domains.apostille.actions import (
    ask_specimen,
    issue_apostille,
    issue_on_paper,
    open_batch,
    order_signing,
)
from cancilleria.domains.apostille.models import Apostille, AskedSpecimen, Specimen
from cancilleria.domains.apostille.queries import number_of, verification_code
from cancilleria.domains.apostille.tests.cast import WHOLE, Stage, by_hand, keys, stage
from cancilleria.kernel.cases import actions, drafts, queries
from cancilleria.kernel.cases import doors as case_doors
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import COUNTER
from cancilleria.kernel.cases.rules import DENIED
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.indicators.actions import close_period, enter_value, load_plan, publish_period
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.models import Closure, ManualValue
from cancilleria.kernel.indicators.periods import period
from cancilleria.kernel.organs.actions import draw_handover, relieve_officer
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.models import Organ, Post, Posting
from cancilleria.kernel.organs.scope import SETTING
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.services.accounts.actions import open_account
from cancilleria.services.accounts.models import User
from cancilleria.services.fees.actions import close_session, count_session, load_tariff, open_session, take_payment
from cancilleria.services.fees.charges import Charges
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.models import CashSession, Order, Receipt
from cancilleria.services.fees.tests.cast import EXEMPTIONS, MEANS, RATES, TARIFF
from cancilleria.services.signing import pki
from cancilleria.services.signing.revocation import Revocations
from cancilleria.services.signing.trust import sign
from cancilleria.site.composition import PROCEDURES, VERBS

AsWorker = Callable[[], contextlib.AbstractContextManager[None]]
FOREIGN = "organ:branch-abroad"
DAY = "2026-11-24"
# Powers no verb and no page is called after.
OTHER_POWERS = frozenset({"case.appeal", "desk.people"})


@dataclass(frozen=True)
class Figures:
    """A plan, a closed figure that is public, one that is not, and a value by hand."""

    plan: str
    published: Closure
    closed: Closure
    value: ManualValue


@dataclass
class World:
    """The objects the addresses speak of, and the cookies of whoever asks."""

    scene: Stage
    cases: dict[str, Case]
    apostille: Apostille
    paper: Apostille
    specimen: Specimen
    asked: AskedSpecimen
    batch: uuid.UUID
    order: uuid.UUID
    receipt: Receipt
    box: CashSession
    token: str
    handover: uuid.UUID
    figures: Figures
    passkey: int = 0
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


# What a parameter stands for: `address.parameter` first, then `parameter` wherever it is met.
PARAMETERS: Mapping[str, Callable[[World], object]] = {
    "case": lambda w: w.cases["waiting"].pk,
    "desk_case.case": lambda w: w.cases["appeal"].pk,
    "correct.case": lambda w: w.cases["observed"].pk,
    "appeal.case": lambda w: w.cases["refused"].pk,
    "download.case": lambda w: w.cases["signed"].pk,
    "desk_receipt.case": lambda w: w.cases["counter"].pk,
    "download.apostille": lambda w: w.apostille.pk,
    "evidence.case": lambda w: w.cases["signed"].pk,
    "evidence.apostille": lambda w: w.apostille.pk,
    "certificate_pack.certificate": lambda w: w.apostille.pk,
    "certificate_case.case": lambda w: w.cases["paper"].pk,
    "certificate_file.case": lambda w: w.paper.case_id,
    "certificate": lambda w: w.paper.pk,
    "asked_letter.case": lambda w: w.asked.case_id,
    "asked": lambda w: w.asked.pk,
    "specimen.key": lambda w: w.specimen.key,
    "specimen_correct.key": lambda w: w.specimen.key,
    "specimen_image.key": lambda w: w.specimen.key,
    "which": lambda w: "sello",
    "document": lambda w: w.cases["waiting"].documents.get().pk,
    "person": lambda w: w.cases["waiting"].applicant.public_id,  # type: ignore[union-attr]
    "key": lambda w: "apostille",
    "counter.key": lambda w: "apostille",
    **{
        f"{name}.key": lambda w: "apostille.issued"
        for name in (
            "indicator",
            "indicator_acts",
            "indicator_data",
            "indicator_close",
            "indicator_publish",
            "figure",
            "figure_data",
        )
    },
    "kind": lambda w: "csv",
    "indicator_publish.closure": lambda w: w.figures.closed.pk,
    "plan_report.key": lambda w: w.figures.plan,
    "plan_report.kind": lambda w: "xlsx",
    "value": lambda w: w.figures.value.pk,
    "desk_case_picture.page": lambda w: 1,
    "request_page.page": lambda w: "nombre",
    "number": lambda w: number_of(w.apostille.entry),
    "code": lambda w: verification_code(w.apostille.entry_id),
    "log_file.name": lambda w: "checkpoint",
    "batch": lambda w: w.batch,
    "bulk_order.order": lambda w: w.order,
    "handover": lambda w: w.handover,
    "organ": lambda w: HEADQUARTERS.removeprefix("organ:"),
    "pk": lambda w: w.passkey,
    "pay.case": lambda w: w.cases["owing"].pk,
    "pay_result.case": lambda w: w.cases["owing"].pk,
    "pay_receipt.case": lambda w: w.cases["paid"].pk,
    "simulator.token": lambda w: w.token,
    "receipt": lambda w: w.receipt.pk,
    "cash_order.order": lambda w: Order.objects.get(case=w.cases["owing"]).pk,
    "session": lambda w: w.box.pk,
    "cash_relief.session": lambda w: CashSession.objects.exclude(pk=w.box.pk).get().pk,
    "entry": lambda w: w.apostille.entry_id,
    "index": lambda w: 0,
    "sha256": lambda w: "0" * 64,
    "day": lambda w: DAY,
    "open_data_file.name": lambda w: "catalogo.jsonld",
    "api_organ.code": lambda w: Organ.objects.get(pk=HEADQUARTERS).code,
    "api_indicator.key": lambda w: "apostille.issued",
}


@dataclass(frozen=True)
class Act:
    """What a form sends, and the power the act needs beside that of its page: `without_power` lacks that one."""

    power: str
    body: Callable[[World], Mapping[str, object]]


# Forms whose empty sending would say nothing about who may act.
ACTS: Mapping[str, Act] = {
    "apostille_case": Act("apostille.issued", lambda w: {"do": "issue"}),
    "bulk": Act("", lambda w: {"case": [_as_seen(w.cases["waiting"])], "do": "sign", "fit": "1"}),
    "certificate_case": Act("apostille.issued", lambda w: {"do": "refuse", "reason": "No procede."}),
    "forms": Act("form.received", lambda w: {"do": "receive", "series": "B", "first": 1, "count": 1}),
    "specimen": Act("specimen.registered", lambda w: {"reason": "Cesó.", "on": "2026-11-01"}),
    "desk_case": Act("case.appeal", lambda w: {"act": "grant_appeal", "seen": "0", "reason": "Tiene razón."}),
    "indicator": Act("period.closed", lambda w: {"do": "close"}),
    "cash": Act("", lambda w: {"opening": "10"}),
    "cash_order": Act("fee.exempted", lambda w: {"do": "exempt", "exemption": "orphan"}),
    "cash_session": Act("", lambda w: {"amount": "10", "reference": "B-1", "seen": "1000"}),
    "cash_relief": Act("", lambda w: {"to": w.box.officer, "reason": "No vino."}),
    "simulator": Act("", lambda w: {"do": "silent"}),
    "office_stamps": Act(
        "stamp.registered", lambda w: {"do": "register", "label": "Sello seco", "kind": "dry", "imprint": "Utopía"}
    ),
    "person_data": Act("data.erased", lambda w: {"do": "erase", "cause": "order"}),
    "retention": Act(
        "hold.placed", lambda w: {"do": "hold", "number": queries.number_of(w.cases["waiting"]), "reason": "x"}
    ),
    "office_pads": Act(
        "pad.delivered", lambda w: {"do": "deliver", "organ": HEADQUARTERS, "name": "C-X", "first": 1, "count": 2}
    ),
    "tokens": Act("", lambda w: {"do": "make", "label": "Programa", "scopes": ["desk.cases"], "days": "30"}),
    "webhooks": Act(
        "", lambda w: {"do": "subscribe", "address": "https://socio.example/", "verbs": ["apostille.issued"]}
    ),
    "withdraw": Act("", lambda w: {}),
    "appeal": Act("", lambda w: {"grounds": "Sí procede."}),
    "correct": Act("", lambda w: {"first_surname": "Mendada"}),
}


@contextlib.contextmanager
def world(folder: Path, as_worker: AsWorker) -> Iterator[World]:
    """Build it, with everybody signed in. Needs the database; what it writes to the installation's folder it takes away."""
    with stage(folder) as scene, _files(scene):
        cases, specimen = _cases(scene), by_hand()
        made = (issue_apostille(actor=scene.ana, case=scene.submit()), _on_paper(scene, specimen))
        asked = ask_specimen(
            actor=scene.ana, case=scene.paper(), name="Juan", capacity="Juez", entity="Juzgado Inventado"
        )
        apostille, paper = _signed(scene, as_worker, *made)
        order = order_signing(actor=scene.ana, cases=[scene.submit()]).pk
        batch, handover, money = _batch(scene), _handover(scene), _money(scene, cases)
        found = World(scene, cases, apostille, paper, specimen, asked, batch, order, *money, handover, _figures(scene))
        found.cases["signed"] = found.apostille.case
        _citizens(found)
        _officers(found)
        with connection.cursor() as cursor:
            # What the making of the world revealed is not for those who ask.
            cursor.execute("SELECT set_config(%s, '', true)", [SETTING])
        yield found


def powers(declared: frozenset[str]) -> frozenset[str]:
    """Every power there is: of pages (given), of verbs, of procedures."""
    return declared | OTHER_POWERS | {verb.code for verb in VERBS} | {p.decide_power for p in PROCEDURES}


def give(found: World, everything: frozenset[str], lacking: frozenset[str]) -> None:
    """Set the powers of the posts for one address: `without_power` holds everything but `lacking`."""
    held = {
        NO_FACTOR: everything, POWERLESS: frozenset(), WITHOUT: everything - lacking, WITH: everything,
        ELSEWHERE: everything, EVERYWHERE: frozenset(f"{power}*" for power in everything), RELIEVED: everything,
    }  # fmt: skip
    for role, post in found.posts.items():
        Post.objects.filter(pk=post.pk).update(powers=sorted(held[role]))


def _cases(scene: Stage) -> dict[str, Case]:
    """A case in each state that an address wants."""
    refused, reviewed = (
        actions.decide_case(actor=scene.ana, case=scene.submit(), outcome=DENIED, reason="No procede.")
        for _ in range(2)
    )
    observed = actions.observe_case(actor=scene.ana, case=scene.submit(), fields=["first_surname"], reason="No se lee.")
    return {
        "waiting": scene.submit(), "observed": observed, "refused": refused, "counter": _at_the_counter(scene),
        "appeal": actions.appeal_case(actor=scene.people.carla, case=reviewed, grounds="Sí procede."),
        "another": scene.submit(), "paper": scene.paper(),
    }  # fmt: skip


def _at_the_counter(scene: Stage) -> Case:
    draft, clerk = scene.draft(), officer("Clara", HEADQUARTERS, {"desk.counter"})
    body = drafts.body_digest(draft)
    made = actions.submit_case(actor=clerk, draft=draft, key=uuid.uuid4().hex, body=body, capital=HEADQUARTERS).case
    assert made.channel == COUNTER
    return made


def _as_seen(case: Case) -> str:
    """A case as the page of bulk signing sends it: with the revision it shows."""
    return f"{case.pk}:{Case.objects.values_list('revision', flat=True).get(pk=case.pk)}"


def _figures(scene: Stage) -> Figures:
    """What the board and the public pages of figures show."""
    words = {"es": "Atender bien", "en": "Serve well"}
    measures = [
        {"indicator": "apostille.issued", "reports": [HEADQUARTERS]},
        {"indicator": "planning.satisfaction", "reports": [HEADQUARTERS]},
    ]
    action = {**words, "code": "A1", "responsible": HEADQUARTERS, "source": "s", "measure": measures}
    objective = {**words, "code": "O1", "source": "libro L1", "action": [action]}
    plan = {
        **words,
        "key": "plan:x",
        "code": "PX",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "objective": [objective],
    }
    load_plan(actor=SYSTEM, content=plan)
    issued = indicators.get("apostille.issued")
    published, closed = (close_period(actor=SYSTEM, indicator=issued, period=period(text)) for text in ("2025", "2024"))
    publish_period(actor=SYSTEM, closure=published)
    version = latest(take_in(keys().scan, title="Encuesta"))
    assert version is not None
    value = enter_value(
        actor=SYSTEM, indicator=indicators.get("planning.satisfaction"), organ=HEADQUARTERS, month=date(2026, 1, 1),
        value=Decimal(90), evidence=version.blob_id,
    )  # fmt: skip
    return Figures("plan:x", published, closed, value)


def _money(scene: Stage, cases: dict[str, Case]) -> tuple[Receipt, CashSession, str]:
    """A case that owes its fee, one that paid it at a box closed since, a payment at the gateway, and a box left open."""
    cashier, organ = officer("Sara", HEADQUARTERS, {"desk.cash"}), Organ.objects.get(pk=HEADQUARTERS)
    for kind, rows in {"tariff": TARIFF, "rates": RATES, "means": MEANS, "exemptions": EXEMPTIONS}.items():
        load_tariff(actor=SYSTEM, organ=organ, kind=kind, rows=rows)
    norm = queries.norm_of(cases["waiting"].version)
    actions.load_procedures(
        actor=SYSTEM, organ=organ, norms={"apostille": replace(norm, fees=("joining", "card"), reason="Se cobra")}
    )
    with case_doors.fees.held(Charges()):
        cases["owing"], cases["paid"] = scene.submit(), scene.submit()
        open_session(actor=cashier, opening=0)
        order = Order.objects.get(case=cases["paid"])
        receipt = take_payment(actor=cashier, orders=[order.pk], means="card", reference="1")
    count_session(actor=cashier, pieces={1000: 1})
    box = close_session(actor=cashier, reason="Sobra")
    open_session(actor=officer("Olga", HEADQUARTERS, {"desk.cash"}), opening=0)
    owing = Order.objects.get(case=cases["owing"])
    address = gateway().start(uuid.uuid4(), amount=owing.total, currency=owing.currency, back="/")
    return receipt, box, address.rstrip("/").rpartition("/")[2]


def _batch(scene: Stage) -> uuid.UUID:
    """A batch that an entity sent."""
    entity = scene.authority.entity
    return open_batch(actor=Actor(entity.key), batch=uuid.uuid4(), entity=entity, files=1).pk


def _on_paper(scene: Stage, specimen: Specimen) -> Apostille:
    """An apostille joined to a document on paper."""
    made = issue_on_paper(
        actor=scene.ana, case=scene.paper(), specimen=specimen, comparison=WHOLE, form=scene.form()
    )  # fmt: skip
    assert isinstance(made, Apostille)
    return made


def _handover(scene: Stage) -> uuid.UUID:
    """Minutes that wait for who receives."""
    giver = officer("Hugo", HEADQUARTERS, {"handover.drawn"})
    home, receiver = Organ.objects.get(pk=HEADQUARTERS), Posting.objects.get(pk=scene.ana.key)
    return draw_handover(actor=giver, organ=home, incoming=receiver).pk


def _signed(scene: Stage, as_worker: AsWorker, *made: Apostille) -> Iterator[Apostille]:
    """Apostilles ready to be downloaded."""
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    patience, tasks.WITNESS_PATIENCE = tasks.WITNESS_PATIENCE, timedelta(0)
    try:
        for apostille in made:
            tasks.sign(str(apostille.pk))
            tasks.stamp(str(apostille.pk))
            yield Apostille.objects.select_related("entry", "case").get(pk=apostille.pk)
    finally:
        tasks.WITNESS_PATIENCE = patience


# Cases no address of the portal asks for; a browser remembers eight.
OF_THE_DESK = {"another", "counter", "appeal"}


def _citizens(found: World) -> None:
    """Who showed number and code of their cases; who showed those of another; who showed none."""
    found.cookies[STRANGER] = SimpleCookie()
    found.cookies[OTHER_HOLDER] = _shown([found.cases["another"]])
    found.cookies[HOLDER] = _shown([case for name, case in found.cases.items() if name not in OF_THE_DESK])


def _shown(cases: list[Case]) -> SimpleCookie:
    client = Client()
    for case in cases:
        given = {"number": queries.number_of(case), "code": queries.tracking_code(case.pk)}
        assert client.post("/seguimiento/", given).status_code == 302
    assert client.post("/tramites/apostille/empezar/").status_code == 302
    return client.cookies


def _officers(found: World) -> None:
    """Everybody signed in; the relieved one's posting ended afterwards."""
    for role in OFFICERS:
        actor = officer(role, FOREIGN if role in (ELSEWHERE, EVERYWHERE) else HEADQUARTERS, set())
        posting = Posting.objects.select_related("post").get(pk=actor.key)
        found.posts[role] = posting.post
        found.cookies[role] = _signed_in(actor, posting, role)
        if role == WITH:
            user = User.objects.get(officer=posting.officer_id)
            found.passkey = _passkey(user).pk
        if role == RELIEVED:
            relieve_officer(actor=SYSTEM, posting=posting, last_day=posting.from_date)


def _signed_in(actor: Actor, posting: Posting, role: str) -> SimpleCookie:
    user = open_account(
        officer=posting.officer_id, email=f"{role}@utopia.example", password="una-clave-larga",
        totp_secret=generate_totp_secret(),
    )  # fmt: skip
    if role == NO_FACTOR:
        Authenticator.objects.filter(user=user).delete()
    client = Client()
    client.force_login(user)
    session = client.session
    # The password was asked for just now.
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client.cookies


def _passkey(user: User) -> Authenticator:
    """A security key as the browser would have registered it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(bytes(16), bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(bytes(32), flags, 0, bytes(held))
    told = AttestationObject.create("none", data, {})
    client = json.dumps({"type": "webauthn.create", "challenge": "AAAA", "origin": settings.ADDRESS}).encode()
    credential = {
        "id": "AAAAAAAAAAAAAAAAAAAAAA", "rawId": "AAAAAAAAAAAAAAAAAAAAAA", "type": "public-key", "clientExtensionResults": {},
        "response": {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(bytes(told))},
    }  # fmt: skip
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Llave", "credential": credential})


@contextlib.contextmanager
def _files(scene: Stage) -> Iterator[None]:
    """Files an installation publishes beside its pages."""
    written = {
        settings.HOME / "confianza.json": sign(scene.trust(), scene.log).decode(), settings.HOME / "registro" / "checkpoint": "log\n0\n",
        settings.HOME / "estado" / f"{DAY}.json": json.dumps({}), settings.HOME / "datos" / "catalogo.jsonld": json.dumps({}),
    }  # fmt: skip
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    Revocations(settings.HOME / "pki").publish(pki.load(settings.HOME / "claves" / "autoridad.pem"), at=pki.now())
    yield
    for path in (*written, settings.HOME / "pki" / "autoridad.crl"):
        path.unlink()

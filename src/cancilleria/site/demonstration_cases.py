"""Whole demonstration cases, from draft to signed file, through the same actions as in life."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.actions import issue_apostille
from cancilleria.domains.apostille.models import Apostille
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import submit_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.documents.models import STAMPED
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.organs.authority import CITIZEN, Actor, actor_for
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.organs.profile import read_toml
from cancilleria.services.fees import simulator
from cancilleria.services.fees.actions import start_payment
from cancilleria.services.fees.charges import notice_came
from cancilleria.services.fees.gateway import PAID, gateway
from cancilleria.services.fees.models import PENDING, SimulatedPayment
from cancilleria.services.fees.queries import live_order

PATIENCE_SECONDS = 60.0


class NotADemonstration(RuntimeError):
    """Invented cases never enter a real installation."""


class NotSigned(RuntimeError):
    """No worker signed in time."""


def make_apostilles(count: int, folder: Path) -> Iterator[Path]:
    """Request, issue, wait for signature and time stamp, write the file. Raises NotADemonstration or NotSigned."""
    document = settings.HOME / "demostracion" / "documentos" / _sample()["document"]
    if not settings.DEMONSTRATION or not document.exists():
        raise NotADemonstration("Esta instalación no es una demostración: aquí no se inventan expedientes.")
    folder.mkdir(parents=True, exist_ok=True)
    data, officer = document.read_bytes(), _officer()
    made = [issue_apostille(actor=officer, case=submit(data)) for _ in range(count)]
    for apostille in made:
        yield _write(apostille, folder)


def submit(data: bytes) -> Case:
    """A whole request, as a citizen makes it on the portal."""
    sample = _sample()
    with translation.override(ministry().languages[0]):
        draft = drafts.start(procedures.get("apostille"))
    drafts.answer(draft, sample["answers"])
    drafts.attach(draft, "document", data, title=sample["document"])
    body = drafts.body_digest(draft)
    headquarters = ministry().headquarters
    made = submit_case(actor=CITIZEN, draft=draft, key=uuid.uuid4().hex, body=body, capital=headquarters).case
    return _pay(made)


def _pay(case: Case) -> Case:
    """Pay what the case owes through the simulated gateway; a real one is never asked to pay for invented cases."""
    order = live_order(case.pk)
    if order is None or order.state != PENDING:
        return case
    if not gateway().simulated:
        raise NotADemonstration("La pasarela de pagos es verdadera: aquí no se inventan pagos.")
    payment = start_payment(actor=CITIZEN, order=order)
    gateway().start(payment.pk, amount=payment.amount, currency=payment.currency, back="")
    notice_came(simulator.choose(SimulatedPayment.objects.get(pk=payment.pk), PAID))
    case.refresh_from_db()
    return case


def _sample() -> Mapping[str, Any]:
    """The request the profile invents: its document, and its answers by question."""
    found: Any = read_toml(settings.PROFILE_FOLDER / "demo.toml")["request"]
    return found


def _officer() -> Actor:
    postings = Posting.objects.filter(
        to_date=None, post__powers__contains=["apostille.issued"], post__organ=ministry().headquarters
    )
    return actor_for(postings.select_related("post", "officer")[0])


def _write(apostille: Apostille, folder: Path) -> Path:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = Apostille.objects.select_related("entry", "document").get(pk=apostille.pk)
        version = queries.downloadable(found)
        if version is not None and version.kind == STAMPED:
            path = folder / f"{queries.number_of(found.entry)}.pdf"
            path.write_bytes(content(version))
            return path
        time.sleep(0.1)
    raise NotSigned("Nadie firmó en un minuto: ¿está en marcha «make serve»?")

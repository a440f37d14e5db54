"""Every statement and every write of an act fails in turn: it is wholly there or wholly absent, and never twice.

FAULTS (the share that is tried, 1 for all) and SEED in the environment, TOLD for a file with what happened (`make drill`).
"""

from __future__ import annotations

import contextlib
import os
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from cancilleria.domains.apostille import actions as apostilles
from cancilleria.domains.apostille.models import Apostille
from cancilleria.domains.apostille.tests.cast import keys, stage
from cancilleria.kernel.cases import doors as case_doors
from cancilleria.kernel.cases import drafts
from cancilleria.kernel.cases.actions import submit_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import CannotFollow
from cancilleria.kernel.documents import doors as document_doors
from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tests.invented import recording
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.services.fees import actions as fees
from cancilleria.services.fees import boxes, settling
from cancilleria.services.fees.actions.cash import AlreadyOpen
from cancilleria.services.fees.actions.receipts import CannotVoid
from cancilleria.services.fees.gateway import PAID, Outcome
from cancilleria.services.fees.models import Receipt
from cancilleria.services.fees.rules import CASH
from cancilleria.services.fees.tests.cast import DUE, office
from cancilleria.services.notices.outbox import Outbox
from cancilleria.services.store.files import FileStore
from cancilleria.site.composition import Queue
from cancilleria.site.tests.faults import NEVER, Breaker, Disk, Statements

Superuser = Callable[..., psycopg.Connection]


@pytest.fixture
def breaker(fresh_database: str, superuser: Superuser, tmp_path: Path) -> Iterator[Breaker]:
    """The real store, outbox and queue behind their doors, inside whatever stage the test opens."""
    store = FileStore(tmp_path / "archivos")
    share, chance = float(os.environ.get("FAULTS", "0.04")), random.Random(os.environ.get("SEED", "utopia"))
    with superuser(fresh_database) as outside:
        made = Breaker(outside, store, chance, share)
        yield made
        if found := os.environ.get("TOLD"):
            with Path(found).open("a") as file:
                told = ", ".join(f"{name} {many}" for name, many in made.told.items())
                file.write(f"{made.tried} faults in {len(made.told)} acts ({told}); ")


@contextlib.contextmanager
def real(breaker: Breaker) -> Iterator[None]:
    with (
        document_doors.blobs.held(breaker.store),
        case_doors.notices.held(Outbox()),
        register_doors.tasks.held(Queue()),
    ):
        yield


def test_a_certificate_from_the_first_file_to_its_annulment(breaker: Breaker, tmp_path: Path) -> None:
    with stage(tmp_path) as scene, real(breaker):
        draft, key = scene.draft(), uuid.uuid4().hex
        breaker.breaks("attach", lambda: drafts.attach(draft, "document", keys().scan, title="otra.pdf"), once=False)
        drafts.attach(draft, "document", keys().document, title="partida.pdf")
        body = drafts.body_digest(draft)
        ask = lambda: submit_case(actor=CITIZEN, draft=draft, key=key, body=body, capital=HEADQUARTERS)  # noqa: E731
        breaker.breaks("submit", ask)
        assert ask().case == Case.objects.get()
        case = Case.objects.get()
        breaker.breaks("issue", lambda: apostilles.issue_apostille(actor=scene.ana, case=case), (CannotFollow,))
        found = Apostille.objects.get()
        breaker.breaks(
            "keep signed", lambda: apostilles.keep_signed(actor=SYSTEM, certificate=found, data=b"%PDF-1.7\nsigned")
        )
        breaker.breaks(
            "keep stamped", lambda: apostilles.keep_stamped(actor=SYSTEM, certificate=found, data=b"%PDF-1.7\nstamp")
        )
        breaker.breaks(
            "annul",
            lambda: apostilles.annul_apostille(actor=scene.ana, apostille=found, reason="Error"),
            (IntegrityError,),
        )


def test_a_day_at_the_box(breaker: Breaker) -> None:
    with office() as scene, real(breaker):
        order, other = scene.order(), scene.order()
        breaker.breaks("open", lambda: fees.open_session(actor=scene.sara, opening=500), (AlreadyOpen,))
        pay = lambda: fees.take_payment(actor=scene.sara, orders=[order.pk], means=CASH, given=DUE)  # noqa: E731
        breaker.breaks("receive", pay, (settling.AlreadySettled,))
        receipt = Receipt.objects.get()
        breaker.breaks(
            "void", lambda: fees.void_receipt(actor=scene.sara, receipt=receipt, reason="Error"), (CannotVoid,)
        )
        payment = fees.start_payment(actor=CITIZEN, order=other)
        breaker.breaks(
            "paid on line",
            lambda: fees.resolve_payment(actor=SYSTEM, payment=payment, outcome=Outcome(PAID, DUE, "CHF")),
        )
        breaker.breaks("count", lambda: fees.count_session(actor=scene.sara, pieces={500: 1}), (boxes.NoSession,))
        breaker.breaks("close", lambda: fees.close_session(actor=scene.sara), (boxes.NoSession,))


def test_the_log_goes_on_whatever_failed(breaker: Breaker, tmp_path: Path) -> None:
    """Rows decide and files follow, so a fault may leave files behind: the next beat mends it, and no leaf is lost."""
    with stage(tmp_path) as scene:
        log, key = scene.sequencer, scene.log.verifier().public
        works_as("worker")
        log.start()
        for kind in ("statements", "disk"):
            at = 0
            while _breaks(log, kind, at):
                works_as("worker")
                log.step()
                found = check(origin=log.origin, public_keys=[key], folder=log.folder.path, patience=0)
                assert found == [], (kind, at)
                at, breaker.tried = at + 1, breaker.tried + 1
            assert at > 8
            breaker.told[f"place in the log, {kind}"] = at
        works_as("app")


def _breaks(log: Sequencer, kind: str, at: int) -> bool:
    """Record an act and turn the log once, with a fault; False when it has no such statement or write."""
    works_as("app")
    with transaction.atomic():
        recording()
    works_as("worker")
    sent, disk = Statements(at if kind == "statements" else NEVER), Disk(at if kind == "disk" else NEVER)
    try:
        with connection.execute_wrapper(sent), disk.watched():
            log.step()
    except (OperationalError, OSError):
        return True
    return False


def works_as(role: str) -> None:
    """A new connection, under a role."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE cancilleria_{role}")

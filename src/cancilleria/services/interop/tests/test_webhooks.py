"""Webhooks against a real server that fails, hangs and then accepts; and what is never called."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.register import doors as register_doors
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.sequencer import Sequencer
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.interop import actions, outgoing, webhooks
from cancilleria.services.interop.models import DEAD, SENT, WAITING, Delivery, Destination, Subscription

pytestmark = pytest.mark.django_db
AsWorker = Callable[[], AbstractContextManager[None]]


class Partner(ThreadingHTTPServer):
    """Another institution's server: what it answers next, and what it was told."""

    answers: list[str]
    heard: list[tuple[dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Partner

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else "204"
        if answer == "hang":
            time.sleep(2)
            return
        self.send_response(int(answer))
        if answer == "302":
            self.send_header("Location", "/otra")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *given: Any) -> None:
        return


@pytest.fixture
def partner() -> Iterator[Partner]:
    server = Partner(("127.0.0.1", 0), Handler)
    server.answers, server.heard = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def cast(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(settings, "OUTGOING_HOSTS", ["127.0.0.1"])
    monkeypatch.setattr(settings, "OUTGOING_PRIVATE", True)
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    log = Signer("registro.utopia.example", Ed25519PrivateKey.generate())
    folder = Folder(tmp_path / "registro")
    with (
        on_stage() as found,
        register_doors.log_origin.held(log.name),
        register_doors.log_files.held(folder),
    ):
        found.sequencer = Sequencer(log, folder)  # type: ignore[attr-defined]
        yield found


@pytest.fixture
def irma(cast: Cast) -> Actor:
    return officer("Irma", HEADQUARTERS, {"desk.cases", "webhook.subscribed"})


def subscribed(irma: Actor, partner: Partner) -> Subscription:
    address = f"http://127.0.0.1:{partner.server_address[1]}/avisos"
    return verify_action(
        lambda: actions.subscribe(actor=irma, address=address, verbs=["case.submitted"]), records=["webhook.subscribed"]
    )


def happen(cast: Cast, as_worker: AsWorker) -> None:
    cast.submit()
    with as_worker():
        cast.sequencer.step()  # type: ignore[attr-defined]
        webhooks.pour()


def later() -> None:
    Delivery.objects.exclude(status=SENT).update(next_at=timezone.now() - timedelta(seconds=1))
    Destination.objects.update(closed_until=None)


def test_an_act_is_told_again_until_it_is_taken(cast: Cast, irma: Actor, partner: Partner, as_worker: AsWorker) -> None:
    held = subscribed(irma, partner)
    happen(cast, as_worker)
    delivery = Delivery.objects.get()
    partner.answers = ["503", "hang", "302", "200"]
    for attempt, problem in enumerate(["HTTP 503", "TimeoutError", "HTTP 302"], start=1):
        assert webhooks.deliver_due() == 1
        delivery.refresh_from_db()
        assert (delivery.status, delivery.attempts) == (WAITING, attempt)
        assert delivery.problem == problem or problem == "TimeoutError"
        assert webhooks.deliver_due() == 0  # not before its time
        later()
    assert webhooks.deliver_due() == 1
    delivery.refresh_from_db()
    assert delivery.status == SENT
    headers, body = partner.heard[-1]
    known = {name.lower(): text for name, text in headers.items()}
    assert known["webhook-id"] == str(delivery.pk)
    signed = webhooks.signature(webhooks.secret_of(held), known["webhook-id"], int(known["webhook-timestamp"]), body)
    assert known["webhook-signature"] == signed
    told = json.loads(body)
    assert told["type"] == "case.submitted"
    assert set(told["data"]) == {"entry", "organ", "case", "address"}
    assert b"Carla" not in body
    assert webhooks.pour() == 0


def test_what_never_arrives_is_given_up_told_and_sent_again(
    cast: Cast, irma: Actor, partner: Partner, as_worker: AsWorker
) -> None:
    held = subscribed(irma, partner)
    happen(cast, as_worker)
    partner.answers = ["500"] * (len(webhooks.WAITS) + 1)
    for _ in webhooks.WAITS:
        later()
        webhooks.deliver_due()
    later()
    verify_action(webhooks.deliver_due, records=["webhook.undelivered"])
    assert Delivery.objects.get().status == DEAD
    assert verify_action(lambda: actions.resend(actor=irma, subscription=held.pk), records=["webhook.resent"]) == 1
    later()
    webhooks.deliver_due()
    assert Delivery.objects.get().status == SENT
    verify_action(lambda: actions.end_subscription(actor=irma, subscription=held.pk), records=["webhook.ended"])
    with pytest.raises(actions.AlreadyOver):
        actions.end_subscription(actor=irma, subscription=held.pk)


def test_a_destination_that_fails_five_times_is_left_alone_for_a_while(
    cast: Cast, irma: Actor, partner: Partner, as_worker: AsWorker
) -> None:
    subscribed(irma, partner)
    happen(cast, as_worker)
    partner.answers = ["500"] * 9
    for _ in range(webhooks.FAILURES):
        Delivery.objects.update(next_at=timezone.now())
        webhooks.deliver_due()
    heard = len(partner.heard)
    Delivery.objects.update(next_at=timezone.now())
    webhooks.deliver_due()
    assert len(partner.heard) == heard
    assert Delivery.objects.get().next_at > timezone.now()


def test_acts_of_another_office_are_not_told(cast: Cast, partner: Partner, as_worker: AsWorker) -> None:
    elsewhere = officer("Otilia", "organ:branch-abroad", {"webhook.subscribed"})
    subscribed(elsewhere, partner)
    happen(cast, as_worker)
    assert not Delivery.objects.exists()


def test_private_addresses_are_not_called(partner: Partner) -> None:
    within = outgoing.Rules(frozenset({"localhost"}))
    with pytest.raises(outgoing.Refused) as refused:
        outgoing.post(f"https://localhost:{partner.server_address[1]}/", b"{}", {}, within)
    assert refused.value.why == "private"
    assert partner.heard == []

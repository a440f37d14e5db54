"""The outbox: every status, retries, and two languages."""

from __future__ import annotations

import smtplib
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from cancilleria.services.notices import outbox
from cancilleria.services.notices.models import CREATED, PERMANENT, SENT, TEMPORARY, Notice
from cancilleria.services.notices.outbox import MAX_ATTEMPTS, Message, Outbox, of_case, send_due

pytestmark = pytest.mark.django_db
CASE = uuid.uuid4()


def compose(kind: str, case: uuid.UUID) -> Message:
    return Message(f"{kind} {translation.get_language()}", "body")


def queue(language: str = "es", recipient: str = "carla@ejemplo.example") -> str:
    return Outbox().send("ready", case=str(CASE), recipient=recipient, language=language)


def test_a_notice_is_sent_in_its_own_language() -> None:
    assert (queue("es"), queue("en")) == ("email", "email")
    assert {n.status for n in of_case(CASE)} == {CREATED}
    assert send_due(compose) == 2
    assert {m.subject for m in mail.outbox} == {"ready es", "ready en"}
    assert {n.status for n in of_case(CASE)} == {SENT}
    assert send_due(compose) == 0


def test_without_an_address_the_person_is_told_on_the_page_only() -> None:
    assert queue(recipient="") == "portal"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("error", "status"), [
    (OSError("no line"), TEMPORARY), (smtplib.SMTPServerDisconnected(), TEMPORARY), (smtplib.SMTPRecipientsRefused({}), PERMANENT),
])  # fmt: skip
def test_a_failure_has_its_own_status_and_is_never_called_sent(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(outbox.EmailMessage, "send", fail)
    queue()
    send_due(compose)
    notice = Notice.objects.get()
    assert (notice.status, notice.sent_at, notice.attempts) == (status, None, 1)
    assert notice.next_at > timezone.now() + timedelta(seconds=20)


def test_after_enough_tries_a_failure_is_permanent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(outbox.EmailMessage, "send", fail)
    queue()
    for _ in range(MAX_ATTEMPTS):
        Notice.objects.update(next_at=timezone.now())
        send_due(compose)
    assert Notice.objects.get().status == PERMANENT

"""The outbox: every status, retries, and two languages."""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone, translation
from pytest_django import Settings

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import history, private_of
from cancilleria.kernel.testing.cast import on_stage
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.notices import outbox
from cancilleria.services.notices.models import CREATED, PERMANENT, SENT, TEMPORARY, Notice
from cancilleria.services.notices.outbox import MAX_ATTEMPTS, Message, Outbox, of_case, send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def case(db: None) -> Iterator[Case]:
    """A request of Carla's; what its submission sent does not count here."""
    with on_stage() as cast:
        yield cast.submit()


def compose(kind: str, case: uuid.UUID) -> Message:
    return Message(f"{kind} {translation.get_language()}", "body")


def queue(language: str = "es", recipient: str = "carla@ejemplo.example") -> str:
    case = Case.objects.get()
    return Outbox().send("ready", case=str(case.pk), recipient=recipient, language=language)


def statuses() -> set[str]:
    return {notice.status for notice in of_case(Case.objects.get().pk)}


def test_a_notice_is_sent_in_its_own_language() -> None:
    assert (queue("es"), queue("en")) == ("email", "email")
    assert statuses() == {CREATED}
    assert verify_action(lambda: send_due(compose), records=["notice.sent", "notice.sent"]) == 2
    assert {m.subject for m in mail.outbox} == {"ready es", "ready en"}
    assert statuses() == {SENT}
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
    for _ in range(MAX_ATTEMPTS - 1):
        verify_action(lambda: send_due(compose), records=[])
        Notice.objects.update(next_at=timezone.now())
    verify_action(lambda: send_due(compose), records=["notice.failed"])
    assert Notice.objects.get().status == PERMANENT


def test_what_was_sent_is_kept_as_the_proof_of_the_notification(case: Case) -> None:
    queue()
    send_due(compose)
    sent = Entry.objects.get(verb="notice.sent")
    assert sent.facts == {"kind": "ready", "channel": "email"}
    kept = private_of(sent.pk)
    assert kept is not None
    assert (kept["to"], kept["subject"], kept["body"]) == ("carla@ejemplo.example", "ready es", "body")
    assert "Envió el aviso" in history(f"case:{case.pk}")[-1].sentence


def test_a_notice_left_in_a_file_is_not_called_sent(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    queue()
    verify_action(lambda: send_due(compose), records=["notice.filed"])
    assert "sin enviarlo" in history(f"case:{Case.objects.get().pk}")[-1].sentence
    assert len(list(tmp_path.iterdir())) == 1

"""Sends what waits in the outbox. A notice may be sent twice after a crash, never lost."""

from __future__ import annotations

import logging
import smtplib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.services.notices.actions import EMAIL, FILE, note_failed, note_sent
from cancilleria.services.notices.models import CREATED, SENDING, TEMPORARY, Notice

log = logging.getLogger("cancilleria.notices")
BATCH = 20
STUCK = timedelta(minutes=10)
MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class Message:
    """What a person reads."""

    subject: str
    body: str


Compose = Callable[[str, uuid.UUID], Message]  # kind and case, in the language that is active


class Outbox:
    """The kernel's door `notices`."""

    def send(self, kind: str, *, case: str, recipient: str, language: str) -> str:
        """Write the notice; without an address the person is told on the tracking page only."""
        if not recipient:
            return "portal"
        Notice.objects.create(
            id=uuid.uuid4(), kind=kind, case=case, recipient=recipient, language=language, next_at=timezone.now()
        )
        return "email"


def send_due(compose: Compose, *, limit: int = BATCH) -> int:
    """Send what is due and return how many were tried. Several senders may run: rows are taken with SKIP LOCKED."""
    with transaction.atomic():
        taken = list(_due().select_for_update(skip_locked=True)[:limit])
        Notice.objects.filter(pk__in=[n.pk for n in taken]).update(status=SENDING, next_at=timezone.now() + STUCK)
    for notice in taken:
        _send(notice, compose)
    return len(taken)


def of_case(case: uuid.UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(case=case).order_by("created_at")


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(status__in=[CREATED, SENDING, TEMPORARY], next_at__lte=timezone.now()).order_by(
        "next_at"
    )


def _send(notice: Notice, compose: Compose) -> None:
    try:
        with translation.override(notice.language):
            message = compose(notice.kind, notice.case)
        EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [notice.recipient]).send()
    except smtplib.SMTPRecipientsRefused as error:
        note_failed(actor=SYSTEM, notice=notice, problem=type(error).__name__)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("notice %s was not sent: %s", notice.pk, type(error).__name__)
        if notice.attempts + 1 >= MAX_ATTEMPTS:
            note_failed(actor=SYSTEM, notice=notice, problem=type(error).__name__)
        else:
            _try_again(notice, type(error).__name__)
    else:
        channel = FILE if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else EMAIL
        note_sent(actor=SYSTEM, notice=notice, subject=message.subject, body=message.body, channel=channel)


def _try_again(notice: Notice, problem: str) -> None:
    attempts = notice.attempts + 1
    wait = timedelta(seconds=min(15 * 2**attempts, 3600))
    Notice.objects.filter(pk=notice.pk).update(
        status=TEMPORARY, problem=problem, attempts=attempts, next_at=timezone.now() + wait
    )

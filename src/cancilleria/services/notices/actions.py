"""The proof of a notification: an entry with what was sent, to whom and when, or that it could not be."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.verbs import Verb
from cancilleria.services.notices.models import PERMANENT, SENT, Notice
from cancilleria.services.notices.verbs import NOTICE_FAILED, NOTICE_FILED, NOTICE_SENT, OfNotice

EMAIL, FILE = "email", "file"
SENT_BY = {EMAIL: NOTICE_SENT, FILE: NOTICE_FILED}


@transaction.atomic
def note_sent(*, actor: Actor, notice: Notice, subject: str, body: str, channel: str = EMAIL) -> None:
    """The mail server took the message, or it lies in a FILE for want of one: keep its text as the proof, with its moment."""
    Notice.objects.filter(pk=notice.pk).update(
        status=SENT, problem="", attempts=notice.attempts + 1, sent_at=timezone.now()
    )
    _record(actor, notice, SENT_BY[channel], channel, {"to": notice.recipient, "subject": subject, "body": body})


@transaction.atomic
def note_failed(*, actor: Actor, notice: Notice, problem: str) -> None:
    """The message will not arrive: the office has to tell the person in another way."""
    Notice.objects.filter(pk=notice.pk).update(status=PERMANENT, problem=problem, attempts=notice.attempts + 1)
    _record(actor, notice, NOTICE_FAILED, EMAIL, {"to": notice.recipient, "problem": problem})


def _record(actor: Actor, notice: Notice, verb: Verb, channel: str, private: dict[str, object]) -> None:
    organ, zone = Case.objects.values_list("organ", "zone").get(pk=notice.case)
    facts = OfNotice(kind=notice.kind, channel=channel)
    record(
        verb, organ=organ, zone=zone, actor=actor.key, facts=facts, private=private, subjects=[f"case:{notice.case}"]
    )

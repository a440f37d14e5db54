"""Telling programs of acts: from the log, in its order; signed as Standard Webhooks say; again and again, then given up.

The log is the queue (it has every entry once, without late commits). A message names the act and nothing personal: whoever
is told asks the interface with a token of their own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.register.doors import log_origin, secrets
from cancilleria.kernel.register.leaf import instant
from cancilleria.kernel.register.models import Entry, Leaf
from cancilleria.kernel.register.verbs import verbs
from cancilleria.services.interop.actions import give_up
from cancilleria.services.interop.models import SENDING, SENT, WAITING, Delivery, Destination, Subscription
from cancilleria.services.interop.outgoing import Refused, Unreachable, post, rules

log = logging.getLogger("cancilleria.interop")
BATCH = 500
STUCK = timedelta(minutes=2)
# Seconds between one try and the next; after the last one the delivery is dead.
WAITS = (5, 60, 300, 1800, 7200, 18000, 36000)
# So many failures in a row close a destination for a while, and what goes to it waits without being tried.
FAILURES, CLOSED = 5, timedelta(minutes=1)


def secret_of(subscription: Subscription) -> str:
    """What its messages are signed with: derived from the installation's secret, never stored, `whsec_` and base64."""
    data = hmac.new(secrets().code_secret().encode(), f"webhook/1/{subscription.pk}".encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(data).decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA-256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def pour(limit: int = BATCH) -> int:
    """Queue what the log has and live subscriptions were not told of yet; returns how many places were read."""
    read = 0
    for found in Subscription.objects.filter(ended=None).values_list("pk", flat=True):
        with transaction.atomic():
            held = Subscription.objects.select_for_update(skip_locked=True).filter(pk=found, ended=None).first()
            read += _pour(held, limit) if held else 0
    return read


def _pour(held: Subscription, limit: int) -> int:
    leaves = (
        Leaf.objects.filter(origin=log_origin(), index__gte=held.position).select_related("entry").order_by("index")
    )
    placed = list(leaves.only("index", "entry__verb", "entry__organ")[:limit])
    Delivery.objects.bulk_create(
        [
            Delivery(id=uuid7(), subscription=held, entry_id=leaf.entry_id, next_at=timezone.now())
            for leaf in placed
            if wants(held, leaf.entry)
        ],
        ignore_conflicts=True,
    )
    if placed:
        Subscription.objects.filter(pk=held.pk).update(position=placed[-1].index + 1)
    return len(placed)


def wants(held: Subscription, entry: Entry) -> bool:
    """Open acts of every organ; of the others, those of the subscriber's own."""
    return entry.verb in held.verbs and (verbs.get(entry.verb).open or entry.organ == held.organ)


def deliver_due(limit: int = 20) -> int:
    """Send what is due; returns how many were taken. Several senders may run: a message may come twice, never not at all."""
    with transaction.atomic():
        taken = list(_due().select_for_update(skip_locked=True, of=("self",))[:limit])
        Delivery.objects.filter(pk__in=[d.pk for d in taken]).update(status=SENDING, next_at=timezone.now() + STUCK)
    for delivery in taken:
        _deliver(delivery)
    return len(taken)


def message_of(entry: Entry) -> bytes:
    """What is told: kind and moment of the act, and where to ask for it."""
    data: dict[str, object] = {"entry": str(entry.pk), "organ": entry.organ}
    if verbs.get(entry.verb).open:
        data |= {"address": f"{settings.ADDRESS}/api/v1/register/{entry.pk}"}
    elif case := next((s.removeprefix("case:") for s in entry.subjects if s.startswith("case:")), ""):
        data |= {"case": case, "address": f"{settings.ADDRESS}/api/v1/desk/cases/{case}"}
    return json.dumps({"type": entry.verb, "timestamp": instant(entry.performed_at), "data": data}).encode()


def _due() -> QuerySet[Delivery]:
    due = Delivery.objects.filter(status__in=[WAITING, SENDING], next_at__lte=timezone.now(), subscription__ended=None)
    return due.select_related("subscription", "entry").order_by("next_at")


def _deliver(delivery: Delivery) -> None:
    host = urlsplit(delivery.subscription.address).netloc
    closed = Destination.objects.filter(pk=host, closed_until__gt=timezone.now()).first()
    if closed is not None:
        Delivery.objects.filter(pk=delivery.pk).update(status=WAITING, next_at=closed.closed_until)
        return
    problem = _send(delivery)
    _note(host, failed=bool(problem))
    if not problem:
        Delivery.objects.filter(pk=delivery.pk).update(
            status=SENT, attempts=delivery.attempts + 1, sent_at=timezone.now(), problem=""
        )
    elif delivery.attempts >= len(WAITS):
        give_up(actor=SYSTEM, delivery=delivery, attempts=delivery.attempts + 1, problem=problem)
    else:
        wait = timedelta(seconds=WAITS[delivery.attempts])
        Delivery.objects.filter(pk=delivery.pk).update(
            status=WAITING, attempts=delivery.attempts + 1, next_at=timezone.now() + wait, problem=problem
        )


def _send(delivery: Delivery) -> str:
    """What kept it from arriving, in a word: empty when the other side took it."""
    body, now = message_of(delivery.entry), int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json", "User-Agent": "cancilleria-webhooks/1", "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret_of(delivery.subscription), str(delivery.pk), now, body),
    }  # fmt: skip
    try:
        reply = post(delivery.subscription.address, body, headers, rules())
    except Refused as error:
        return error.why
    except Unreachable as error:
        log.warning("delivery %s did not arrive: %s", delivery.pk, error)
        return str(error)
    return "" if 200 <= reply.status < 300 else f"HTTP {reply.status}"


def _note(host: str, *, failed: bool) -> None:
    """Count failures of a destination; close it when they are many in a row, open it at the first success."""
    with transaction.atomic():
        known, _ = Destination.objects.select_for_update().get_or_create(host=host)
        failures = known.failures + 1 if failed else 0
        closed_until = timezone.now() + CLOSED if failures >= FAILURES else None
        Destination.objects.filter(pk=host).update(failures=failures, closed_until=closed_until)

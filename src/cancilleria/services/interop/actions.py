"""Writers of tokens and subscriptions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.authority import Actor, NotAuthorised, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.queries import head
from cancilleria.kernel.register.verbs import Facts, Verb
from cancilleria.services.interop import tokens
from cancilleria.services.interop.models import DEAD, WAITING, Delivery, Subscription, Token
from cancilleria.services.interop.outgoing import check, rules
from cancilleria.services.interop.verbs import (
    TOKEN_MADE,
    TOKEN_REVOKED,
    WEBHOOK_ENDED,
    WEBHOOK_RESENT,
    WEBHOOK_SUBSCRIBED,
    WEBHOOK_UNDELIVERED,
    OfDelivery,
    OfSubscription,
    OfToken,
)

LONGEST_DAYS = 366


class AlreadyOver(RuntimeError):
    """The token is revoked, or the subscription has ended."""


@transaction.atomic
def make_token(*, actor: Actor, label: str, scopes: Sequence[str], days: int) -> tuple[Token, str]:
    """A token of the actor's for a program, with some of their powers, and its secret, which is told once.

    It acts under the actor's posting or cover. Raises NotAuthorised for a power the actor lacks, ValueError for a length
    that is not between a day and a year.
    """
    require(actor, TOKEN_MADE.code, actor.organ)
    if not 1 <= days <= LONGEST_DAYS or not scopes:
        raise ValueError("a token has powers, and lasts from a day to a year")
    if not set(scopes) <= actor.powers:
        raise NotAuthorised(f"{actor.key} gives powers it lacks")
    secret = tokens.fresh()
    facts = OfToken(scopes=len(set(scopes)), days=days)
    made = _record(TOKEN_MADE, actor, facts, {"label": label, "scopes": sorted(set(scopes))})
    found = Token.objects.create(
        id=uuid.uuid4(), label=label, digest=tokens.digest_of(secret), holder=actor.key, officer=actor.officer,
        scopes=sorted(set(scopes)), expires_at=timezone.now() + timedelta(days=days), entry_id=made.id,
    )  # fmt: skip
    return found, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: uuid.UUID) -> None:
    """The token is worth nothing from now on. Only its own officer revokes it; they need no power for that.

    Raises NotAuthorised for another's, AlreadyOver for one that was revoked.
    """
    found = Token.objects.select_for_update().filter(pk=token, officer=actor.officer).first()
    if found is None:
        raise NotAuthorised(f"{actor.key} has no such token")
    if found.revoked_id is not None:
        raise AlreadyOver(str(token))
    found.revoked_id = _record(TOKEN_REVOKED, actor, None, {"token": str(found.pk)}).id
    Token.objects.filter(pk=found.pk).update(revoked=found.revoked_id)


@transaction.atomic
def subscribe(*, actor: Actor, address: str, verbs: Sequence[str]) -> Subscription:
    """From now on, tell an address of the acts of those verbs: open ones of everybody, the others of the actor's organ.

    Raises outgoing.Refused when the installation calls no such address, ValueError without verbs.
    """
    require(actor, WEBHOOK_SUBSCRIBED.code, actor.organ)
    check(address, rules())
    if not verbs:
        raise ValueError("a subscription asks for something")
    newest = head()
    facts = OfSubscription(kinds=len(set(verbs)))
    made = _record(
        WEBHOOK_SUBSCRIBED, actor, facts, {"host": urlsplit(address).hostname or "", "verbs": sorted(set(verbs))}
    )
    return Subscription.objects.create(
        id=uuid.uuid4(), organ=actor.organ or "", address=address, verbs=sorted(set(verbs)),
        position=newest.size if newest else 0, entry_id=made.id,
    )  # fmt: skip


@transaction.atomic
def end_subscription(*, actor: Actor, subscription: uuid.UUID) -> None:
    """Nothing more is told to the address. Raises AlreadyOver, or NotAuthorised for another organ's."""
    require(actor, WEBHOOK_SUBSCRIBED.code, actor.organ)
    found = _own(actor, subscription)
    made = _record(WEBHOOK_ENDED, actor, None, {"subscription": str(found.pk)})
    Subscription.objects.filter(pk=found.pk).update(ended=made.id)


@transaction.atomic
def resend(*, actor: Actor, subscription: uuid.UUID) -> int:
    """Try again what had been given up; returns how many. Recorded only if there is any."""
    require(actor, WEBHOOK_SUBSCRIBED.code, actor.organ)
    found = _own(actor, subscription)
    waiting = Delivery.objects.filter(subscription=found, status=DEAD)
    many = waiting.update(status=WAITING, attempts=0, next_at=timezone.now(), problem="")
    if many:
        _record(WEBHOOK_RESENT, actor, None, {"subscription": str(found.pk), "deliveries": many})
    return many


@transaction.atomic
def give_up(*, actor: Actor, delivery: Delivery, attempts: int, problem: str) -> None:
    """The act was not told, after as many tries as there may be: somebody has to look."""
    Delivery.objects.filter(pk=delivery.pk).update(status=DEAD, attempts=attempts, problem=problem)
    organ = Organ.objects.get(pk=delivery.subscription.organ)
    record(
        WEBHOOK_UNDELIVERED, organ=organ.key, zone=organ.zone, actor=actor.key, facts=OfDelivery(attempts=attempts),
        private={"subscription": str(delivery.subscription_id), "problem": problem},
    )  # fmt: skip


def _own(actor: Actor, subscription: uuid.UUID) -> Subscription:
    found = Subscription.objects.select_for_update().filter(pk=subscription, organ=actor.organ).first()
    if found is None:
        raise NotAuthorised(f"{actor.key} has no such subscription")
    if found.ended_id is not None:
        raise AlreadyOver(str(subscription))
    return found


def _record(verb: Verb, actor: Actor, facts: Facts | None, private: dict[str, object]) -> Recorded:
    organ = Organ.objects.get(pk=actor.organ)
    return record(verb, organ=organ.key, zone=organ.zone, actor=actor.key, facts=facts, private=private)

"""Tokens: how they are made, and who acts behind one. Never wider than the post, and dead when the posting ends."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from cancilleria.kernel.organs.authority import Actor, actor_of_key
from cancilleria.services.interop.models import Token
from cancilleria.services.interop.verbs import TOKEN_MADE

PREFIX = "cancilleria_"
LONGEST = 80


@dataclass(frozen=True)
class Bearer:
    """A living token and whoever acts by it."""

    token: Token
    actor: Actor


def fresh() -> str:
    """A secret of 256 bits, with a prefix by which leaked ones are found in files."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored. Plain SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer_of(header: str) -> Bearer | None:
    """Who an `Authorization` header speaks for, or None: unknown, expired, revoked, or its officer may no longer hold one."""
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(PREFIX) or len(secret) > LONGEST:
        return None
    live = Token.objects.filter(digest=digest_of(secret), revoked=None, expires_at__gt=timezone.now())
    found = live.first()
    serving = actor_of_key(found.holder) if found else None
    # Whoever may no longer give tokens has none in use.
    if found is None or serving is None or not serving.may(TOKEN_MADE.code):
        return None
    return Bearer(found, replace(serving, powers=serving.powers & frozenset(found.scopes)))


def tokens_of(actor: Actor) -> QuerySet[Token]:
    """The officer's own, the newest first."""
    return (
        Token.objects.filter(officer=actor.officer).select_related("entry", "revoked").order_by("-entry__recorded_at")
    )

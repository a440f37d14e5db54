"""Writers of users and of their sessions."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.authority import SYSTEM, Actor, actor_of_officer
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Facts, Verb
from cancilleria.services.accounts import verbs
from cancilleria.services.accounts.models import OpenSession, User

FIRST_PASSWORD_LASTS = timedelta(hours=72)
FIRST_PASSWORD_BYTES = 15


@transaction.atomic
def open_account(*, officer: str, email: str, password: str, totp_secret: str) -> User:
    """A user for a posted officer, with password and second factor, for whoever installs to hand over."""
    user = User(email=email, officer=officer)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    TOTP.activate(user, totp_secret)
    return user


@transaction.atomic
def open_with_first_password(*, officer: str, email: str) -> tuple[User, str]:
    """A user without second factor, and the password handed over: good once, for FIRST_PASSWORD_LASTS (ASVS 6.4.1)."""
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    user = User(email=email, officer=officer, first_until=timezone.now() + FIRST_PASSWORD_LASTS)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user, password


@transaction.atomic
def give_way_in(*, user: User) -> str:
    """Another first password for who lost theirs or a factor: every factor and session of before ends. Returns it."""
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    user.set_password(password)
    user.first_until = timezone.now() + FIRST_PASSWORD_LASTS
    user.save(update_fields=["password", "first_until"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions(actor=SYSTEM, user=user, verb=verbs.WAY_IN_GIVEN)
    return password


@transaction.atomic
def keep_own_password(*, user: User) -> None:
    """The password is the officer's own from now on: it does not end."""
    User.objects.filter(pk=user.pk).update(first_until=None)


@transaction.atomic
def close_account(*, user: User) -> int:
    """Nobody signs in with it any more, and every session of it ends now. Returns how many did."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    return end_sessions(actor=SYSTEM, user=user)


@transaction.atomic
def end_by_email(*, email: str, close: bool) -> int | None:
    """End the sessions of whoever signs in with it, and close the account if asked. None when nobody does."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return None
    return close_account(user=user) if close else end_sessions(actor=SYSTEM, user=user)


@transaction.atomic
def note_session(*, user: User, session_key: str, address: str, device: str) -> OpenSession:
    """A session begins."""
    now = timezone.now()
    found, _made = OpenSession.objects.get_or_create(
        session_key=session_key,
        defaults={"user": user, "began_at": now, "seen_at": now, "address": address, "device": device[:200]},
    )
    return found


@transaction.atomic
def move_session(*, session_key: str, to: str) -> None:
    """The key of a session was renewed: it stays the same session."""
    OpenSession.objects.filter(session_key=to).delete()
    OpenSession.objects.filter(session_key=session_key).update(session_key=to)


@transaction.atomic
def end_sessions(*, actor: Actor, user: User, keep: str = "", verb: Verb = verbs.SESSIONS_CLOSED) -> int:
    """End every session of a user but the one whose key is kept, in this very request. Returns how many ended."""
    rows = OpenSession.objects.select_for_update().filter(user=user).exclude(session_key=keep)
    keys = [row.session_key for row in rows]
    Session.objects.filter(pk__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()
    _record(verb, actor, user, verbs.Closed(sessions=len(keys)))
    return len(keys)


@transaction.atomic
def raise_alarm(*, user: User, kind: str, address: str) -> None:
    """Write down what somebody should look at: the office of whose account it is owns it, and reads it in its register."""
    _record(verbs.ACCESS_ALARMED, SYSTEM, user, verbs.Alarm(kind=kind), address=address)


def _record(verb: Verb, actor: Actor, user: User, facts: Facts, **private: str) -> Recorded | None:
    """In the register of the office where the officer serves. Who serves nowhere has no register: the log line stays."""
    served = actor_of_officer(user.officer)
    if served is None or served.organ is None:
        return None
    zone = Organ.objects.values_list("zone", flat=True).get(pk=served.organ)
    return record(
        verb, organ=served.organ, zone=zone, actor=actor.key, facts=facts, private=private, subjects=[user.officer]
    )

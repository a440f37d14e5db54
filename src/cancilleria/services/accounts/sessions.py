"""How long a session lives, and which ones its owner has open.

Two limits, both counted from the database and not from the cookie: an hour without use, and a working day whatever happens.
Any number may be open at once, because a counter has several windows; their owner sees them all and closes the others.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from cancilleria.services.accounts.models import OpenSession, User

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
# The row is touched once in a while, so that a page costs no writing.
TOUCH = timedelta(minutes=1)


def is_over(row: OpenSession) -> bool:
    """Whether either limit has passed. A clock set back revives nothing: what began later than now is over too."""
    now = timezone.now()
    return now - row.seen_at > IDLE or now - row.began_at > ABSOLUTE or row.began_at - now > TOUCH


def open_sessions(user: User) -> list[OpenSession]:
    """Those still alive, the one used last first."""
    rows = OpenSession.objects.filter(user=user).order_by("-seen_at")
    alive = set(
        Session.objects.filter(pk__in=[r.session_key for r in rows], expire_date__gt=timezone.now()).values_list(
            "pk", flat=True
        )
    )
    return [row for row in rows if row.session_key in alive and not is_over(row)]


def confirmed_lately(request: HttpRequest) -> bool:
    """Whether whoever is at the keyboard proved it within ACCOUNT_REAUTHENTICATION_TIMEOUT: by signing in or again since."""
    records = request.session.get("account_authentication_methods", [])
    newest = max((float(record["at"]) for record in records), default=0.0)
    age = timezone.now().timestamp() - newest
    return 0 <= age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

"""How allauth behaves here: nobody signs up by themselves, every try leaves a line, and a new device is told."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from cancilleria.services.accounts.actions import note_session, raise_alarm
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.accounts.log import told
from cancilleria.services.accounts.models import User
from cancilleria.services.accounts.sessions import confirmed_lately

# A signed cookie that says: on this browser, that account has signed in before.
DEVICE, DEVICE_SALT = "equipo", "cancilleria.equipo"
ALARM_SECONDS = 3600


class OfficerAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made when an officer is posted; there is no public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """The page one arrives at is message enough."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Both factors were right: the session begins."""
        super().login(request, user)
        session = str(request.session.session_key)
        device = request.headers.get("User-Agent", "")
        note_session(user=user, session_key=session, address=self.get_client_ip(request), device=device)
        told("signed in", user=user.pk)
        if not knows_device(request, user):
            raise_alarm(user=user, kind="new_device", address=self.get_client_ip(request))
            request.new_device = device_mark(user)  # type: ignore[attr-defined]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has no second factor yet has just typed the first password, and is not asked for it again at once."""
        first = not is_mfa_enabled(self.request.user)
        return not (first and confirmed_lately(self.request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many tries are refused for some minutes, never for ever, and are an alarm of the account's office."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._guessing(request, str(credentials.get("email", "")))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A closed account, and a first password that ended, are answered as a wrong password is."""
        found: User | None = super().authenticate(request, **credentials)
        if found and found.first_until and found.first_until < timezone.now():
            told("first password ended", user=found.pk)
            return None
        return found if found and found.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        told("password refused")

    def _guessing(self, request: HttpRequest, email: str) -> None:
        told("too many tries")
        user = User.objects.filter(email__iexact=email).first()
        if user and allowed("alarm", str(user.pk), times=1, seconds=ALARM_SECONDS):
            raise_alarm(user=user, kind="guessing", address=self.get_client_ip(request))


def device_mark(user: User) -> str:
    """What the cookie holds. It opens nothing: it only keeps a known browser from being told as new."""
    return signing.dumps(user.pk, salt=DEVICE_SALT)


def knows_device(request: HttpRequest, user: User) -> bool:
    try:
        return bool(signing.loads(request.COOKIES.get(DEVICE, ""), salt=DEVICE_SALT) == user.pk)
    except signing.BadSignature:
        return False

"""Who acts in a request, and whether the address is for them."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from cancilleria.kernel.organs.authority import CITIZEN, Actor, actor_of_officer
from cancilleria.services.accounts.actions import note_session
from cancilleria.services.accounts.adapters import DEVICE
from cancilleria.services.accounts.audience import audience_of
from cancilleria.services.accounts.log import told
from cancilleria.services.accounts.models import OpenSession
from cancilleria.services.accounts.sessions import TOUCH, is_over

# What the session keeps: the key of the cover its officer chose to act in.
CAPACITY = "capacity"
DEVICE_SECONDS = 365 * 24 * 3600
Respond = Callable[[HttpRequest], HttpResponseBase]


def actor(get_response: Respond) -> Respond:
    """Sets `request.actor`, in the capacity the officer chose. A session ends in the very request in which its officer has no
    posting any more, and a capacity in that in which its cover is over.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        request.actor = _actor(request)  # type: ignore[attr-defined]
        response = get_response(request)
        mark = getattr(request, "new_device", "")
        if mark:
            response.set_cookie(
                DEVICE,
                mark,
                max_age=DEVICE_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return respond


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return CITIZEN
    found = actor_of_officer(request.user.officer, capacity=request.session.get(CAPACITY, ""))
    if found is None or not _lives(request):
        logout(request)
        return CITIZEN
    return found


def _lives(request: HttpRequest) -> bool:
    """Whether the session is within its limits; its last use is written down once a minute."""
    key = str(request.session.session_key)
    row = OpenSession.objects.filter(session_key=key).first()
    if row is None:
        device = request.headers.get("User-Agent", "")
        note_session(user=request.user, session_key=key, address=request.META.get("REMOTE_ADDR", ""), device=device)
        return True
    if is_over(row):
        return False
    if timezone.now() - row.seen_at > TOUCH:
        OpenSession.objects.filter(pk=row.pk).update(seen_at=timezone.now())
    return True


class audience:
    """Refuses what is not declared: 404 without audience or power, sign-in for strangers, second factor for officers."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        who = audience_of(view)
        if who is None:
            raise Http404
        if who.public or who.token:
            return None
        acting: Actor = request.actor  # type: ignore[attr-defined]
        if not acting.is_officer:
            return redirect_to_login(request.get_full_path())
        if not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        if request.user.first_until:
            return redirect("account_change_password")
        if who.power is not None and not acting.may(who.power):
            told(f"refused {who.power}", user=request.user.pk)
            raise Http404
        return None

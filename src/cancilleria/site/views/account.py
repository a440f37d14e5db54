"""Sign-in and second factors, by allauth's own views: each gets its audience here, and only these are reachable.

Everything but signing in demands a session: allauth's views see to that, and to asking again for the password.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cancilleria.services.accounts.actions import end_sessions, keep_own_password, move_session
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.accounts.verbs import PASSWORD_CHANGED


def everyone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open to everybody, by the methods a page has: allauth's views would take a PUT for a form."""
    return audience(EVERYONE)(require_http_methods(["GET", "HEAD", "POST"])(view))


login = everyone(account.login)


@everyone
def logout(request: HttpRequest) -> HttpResponseBase:
    """Sign out; what the browser keeps of this site goes with it."""
    response = account.logout(request)
    if not request.user.is_authenticated:
        response["Clear-Site-Data"] = '"storage"'
    return response


reauthenticate = everyone(account.reauthenticate)
authenticate = everyone(mfa.authenticate)
reauthenticate_mfa = everyone(mfa.reauthenticate)
factors = everyone(mfa.index)


@everyone
def activate_totp(request: HttpRequest) -> HttpResponseBase:
    """Activate a code application. Who has one goes back to the list: nobody takes it off alone."""
    if request.user.is_authenticated and is_mfa_enabled(request.user, types=["totp"]):
        return redirect("mfa_index")
    return totp.activate_totp(request)


@everyone
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Change it with the present one. Every other session ends with the old password."""
    user, before = request.user, request.session.session_key
    old = getattr(user, "password", "")
    response = account.password_change(request)
    if getattr(user, "password", "") == old:
        return response
    keep_own_password(user=user)  # type: ignore[arg-type]
    now = str(request.session.session_key)
    move_session(session_key=str(before), to=now)
    actor = request.actor  # type: ignore[attr-defined]
    end_sessions(actor=actor, user=user, keep=now, verb=PASSWORD_CHANGED)  # type: ignore[arg-type]
    return redirect("sessions")


passkeys = everyone(webauthn.list_webauthn)
add_passkey = everyone(webauthn.add_webauthn)
remove_passkey = everyone(webauthn.remove_webauthn)
edit_passkey = everyone(webauthn.edit_webauthn)
login_passkey = everyone(webauthn.login_webauthn)
reauthenticate_passkey = everyone(webauthn.reauthenticate_webauthn)

"""Acts before which whoever is at the keyboard proves it again: signing in bulk and taking data away.

What was filled in is kept in the session while they do, and goes on by itself afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.reauthentication import suspend_request
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from cancilleria.services.accounts.sessions import confirmed_lately

View = Callable[..., HttpResponseBase]


def ask_again(request: HttpRequest) -> HttpResponseBase | None:
    """The way to the second factor, with what was sent kept for afterwards; None when it was shown within the last minutes.

    The form that is kept must post to an address of its own, without a query: the page that answers it stands elsewhere.
    """
    return None if confirmed_lately(request) else suspend_request(request, reverse("mfa_reauthenticate"))


def confirmed(view: View) -> View:
    """Asks before the whole view. Stands below `audience`: whoever may not open the page is not asked anything."""

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return ask_again(request) or view(request, *args, **kwargs)

    return respond

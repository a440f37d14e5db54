"""Who an address is for. A view that does not say is not found: silence is never permission.

A view for officers runs in its officer's scope: one transaction, in which the database shows what their organ deals with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cancilleria.kernel.organs.scope import viewer_scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Audience:
    """`public`, or officers; `power` is what their post must hold, None for any officer.

    `token`: not a person with a session but a program with a token of an officer's, which the interface's own guard demands.
    """

    public: bool = False
    power: str | None = None
    token: bool = False


EVERYONE = Audience(public=True)


def officers(power: str | None = None) -> Audience:
    return Audience(power=power)


def programs(power: str) -> Audience:
    """Programs whose token holds that power. Only `services.interop.guard` makes views of this audience."""
    return Audience(power=power, token=True)


def audience(who: Audience) -> Callable[[View], View]:
    """Declare for whom a view answers."""

    def declare(view: View) -> View:
        found = view if who.public else _in_scope(view)
        found.audience = who  # type: ignore[attr-defined]
        return found

    return declare


def _in_scope(view: View) -> View:
    @wraps(view)
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with viewer_scope(request.actor):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

    return respond


def audience_of(view: Callable[..., object]) -> Audience | None:
    found = getattr(view, "audience", None)
    return found if isinstance(found, Audience) else None

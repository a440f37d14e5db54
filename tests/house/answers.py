"""Asks every address by every method as everybody, and says in a word what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.house.matrix import METHODS, ROLES, WITH, Key, Table
from tests.house.world import ACTS, PARAMETERS, World, give, powers

from cancilleria.services.accounts.audience import Audience, audience_of

# Methods no form of ours sends. One stands for them, and who may most is answered alike by all.
OTHER, OTHERS = "DELETE", ("PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """A named address of the resolver."""

    name: str
    parameters: tuple[str, ...]
    audience: Audience

    @property
    def power(self) -> str:
        if self.audience.token:
            return f"token:{self.audience.power}"
        return "public" if self.audience.public else self.audience.power or "officer"

    def path(self, world: World) -> str:
        """With the world's objects for its parameters. Raises KeyError naming what `world.PARAMETERS` lacks."""
        given = {p: (PARAMETERS.get(f"{self.name}.{p}") or PARAMETERS[p])(world) for p in self.parameters}
        return reverse(self.name, kwargs=given)


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Address]:
    """Every address of the resolver, in its order."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            found = audience_of(pattern.callback)
            assert found is not None, f"{pattern.name} declares no audience"
            yield Address(pattern.name or str(pattern.pattern), tuple(pattern.pattern.converters), found)


def expected_keys() -> list[Key]:
    return [(address.name, method) for address in addresses() for method in METHODS]


def observe(world: World) -> Table:
    """Ask every address by every method as everybody."""
    everything = powers(frozenset(a.audience.power for a in addresses() if a.audience.power))
    found: Table = {}
    for address in addresses():
        act = ACTS.get(address.name)
        for method in METHODS:
            needed = act.power if act and act.power and method == "POST" else address.audience.power
            give(world, everything, frozenset({needed or ""}))
            body = act.body(world) if act and method == "POST" else {}
            answers = {role: _answer(world, role, method, address.path(world), body) for role in ROLES}
            found[address.name, method] = {"power": address.power, **answers}
    return found


def ask(cookies: SimpleCookie, method: str, path: str, body: Mapping[str, object], **headers: str) -> HttpResponseBase:
    """One request in a browser with these cookies; nothing of it stays."""
    client: Any = Client(raise_request_exception=False, headers=headers)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        response: HttpResponseBase = getattr(client, method.lower())(path, body if method in ("GET", "POST") else b"")
        if response.streaming:
            list(response.streaming_content)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return response


def _answer(world: World, role: str, method: str, path: str, body: Mapping[str, object]) -> str:
    if method == "other":
        methods = OTHERS if role == WITH else (OTHER,)
        found = {classify(ask(world.cookies[role], each, path, body)) for each in methods}
        assert len(found) == 1, f"{path} does not answer {OTHERS} alike: {found}"
        return found.pop()
    return classify(ask(world.cookies[role], method, path, body))


def classify(response: HttpResponseBase) -> str:
    """What an answer means for whoever asked."""
    if response.status_code == 302:
        to = response["Location"]
        if to.startswith(settings.LOGIN_URL):
            return "sign-in"
        if to.startswith(reverse("mfa_activate_totp")):
            return "second-factor"
        confirming = (reverse("account_reauthenticate"), reverse("mfa_reauthenticate"))
        return "confirm" if to.startswith(confirming) else "moves"
    return {
        200: "ok",
        202: "ok",
        400: "wrong",
        401: "no-token",
        403: "forbidden",
        404: "not-found",
        405: "not-allowed",
        422: "invalid",
        429: "too-many",
    }.get(response.status_code, f"status {response.status_code}")


def forged(cookies: SimpleCookie, path: str) -> int:
    """What a form sent from another site is answered."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    return client.post(path).status_code

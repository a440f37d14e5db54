"""Schemathesis asks every call of the interface, as everybody and with tokens of each kind, for anything its description allows and
more: no answer may be an error of the server's.

First every case at the edges of what the description allows (the phase of coverage), then cases drawn at random, as many of what it
allows as of what it forbids. Each request comes from another loopback address, so that the limit by address, which is tested
elsewhere, hides nothing.
"""

# ruff: noqa: S310 - addresses of an installation of our own

from __future__ import annotations

import random
import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from tests.serving import Serving, installation, totp

CASES = 20_000
# Kinds of tokens: the powers each is given, as the page offers them. `public` has none.
ROLES: dict[str, tuple[str, ...]] = {
    "public": (),
    "reader": ("desk.cases",),
    "decider": ("desk.cases", "apostille.issued"),
    "registrar": ("specimen.registered",),
}
# So many tokens share a role's calls: each may ask 600 times a minute.
TOKENS = 12
# Fewer cases than this are not worth preparing a call for.
LEAST = 20


class From(HTTPAdapter):
    """Sends from an address of 127/8 of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *given_: object, **options: object) -> None:
        super().init_poolmanager(*given_, source_address=(self.address, 0), **options)


def drill(chance: random.Random, scale: float) -> str:
    """20,000 cases for each role at scale 1; raises AssertionError naming the first case that broke the server."""
    told = []
    with installation() as serving:
        schema = schemathesis.openapi.from_url(f"{serving.address}/api/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        tokens = tokens_of(serving)
        for role in ROLES:
            wanted, seen = round(CASES * scale), Counter[int]()
            for operation in operations:
                _cover(operation, tokens[role], chance, seen)
            edges = seen.total()
            _vary([(o, mode) for o in operations for mode in GenerationMode], wanted, tokens[role], chance, seen)
            told.append(f"{role}: {seen.total()} cases, {edges} of them edges, {dict(sorted(seen.items()))}")
    return "contract: 0 server errors; " + "; ".join(told)


def _cover(operation: schemathesis.APIOperation, tokens: list[str], chance: random.Random, seen: Counter[int]) -> None:
    """Each edge of what the call's description allows, and each way of falling short of it."""
    given = operation.schema.config.generation_for(operation=operation, phase="coverage")
    modes = list(GenerationMode)
    for case in operation.schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=given):
        _send(case, tokens, chance, seen)


def _vary(
    kinds: list[tuple[schemathesis.APIOperation, GenerationMode]], wanted: int, tokens: list[str], chance: random.Random,
    seen: Counter[int],
) -> None:  # fmt: skip
    """Cases at random until there are as many as wanted. What has nothing to vary leaves its share to the others."""
    while (left := wanted - seen.total()) > 0:
        share = max(LEAST, left // len(kinds))
        for kind in list(kinds):
            before = seen.total()
            _ask(*kind, share, tokens, chance, seen)
            if seen.total() - before < LEAST // 2:
                kinds.remove(kind)


def _ask(
    operation: schemathesis.APIOperation, mode: GenerationMode, many: int, tokens: list[str], chance: random.Random,
    seen: Counter[int],
) -> None:  # fmt: skip
    @seed(chance.randrange(2**32))
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: schemathesis.Case) -> None:
        _send(case, tokens, chance, seen)

    with suppress(Unsatisfiable):  # a call that takes nothing forbids nothing
        asked()


def _send(case: schemathesis.Case, tokens: list[str], chance: random.Random, seen: Counter[int]) -> None:
    """Raises AssertionError when the answer is an error of the server's."""
    address = case.operation.schema.config.base_url or case.operation.base_url
    headers = {"Authorization": f"Bearer {chance.choice(tokens)}"} if tokens else {}
    with _session(chance) as session:
        response = case.call(base_url=address, session=session, headers=headers)
    seen[response.status_code] += 1
    assert response.status_code < 500, (
        f"{case.method} {case.formatted_path}: {response.status_code}\n{case.as_curl_command()}"
    )


@contextmanager
def _session(chance: random.Random) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount(
            "http://", From(f"127.{chance.randrange(1, 250)}.{chance.randrange(250)}.{chance.randrange(2, 250)}")
        )
        yield session


def tokens_of(serving: Serving) -> dict[str, list[str]]:
    """Tokens of each role, given by the demonstration's head of apostilles on the page where officers give them."""
    head = Officer(serving, "carla")
    return {
        role: [head.token(f"{role} {n}", scopes) for n in range(TOKENS if scopes else 0)]
        for role, scopes in ROLES.items()
    }


class Officer:
    """A browser without JavaScript, signed in at the desk."""

    def __init__(self, serving: Serving, name: str) -> None:
        self.address = serving.address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        login = next(found for found in serving.logins if found["email"].startswith(name))
        page = self._open("/cuentas/entrar/")
        page = self._send("/cuentas/entrar/", page, {"login": login["email"], "password": login["password"]})
        self._send("/cuentas/segundo-factor/", page, {"code": totp(login["totp_secret"])})

    def token(self, label: str, scopes: tuple[str, ...]) -> str:
        page = self._open("/despacho/llaves/")
        page = self._send(
            "/despacho/llaves/", page, {"do": "make", "label": label, "scopes": list(scopes), "days": "30"}
        )
        found = re.search(r"data-secret>(cancilleria_[\w-]+)<", page)
        assert found, page[-3000:]
        return found[1]

    def _open(self, path: str, data: bytes | None = None) -> str:
        with self.opener.open(urllib.request.Request(self.address + path, data, {"Referer": self.address})) as answer:
            text: str = answer.read().decode()
        return text

    def _send(self, path: str, page: str, fields: dict[str, object]) -> str:
        forged = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert forged, page[-2000:]
        return self._open(path, urlencode({"csrfmiddlewaretoken": forged[1], **fields}, doseq=True).encode())

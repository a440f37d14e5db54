"""Officers before the public: the real middleware under threads, what its page says, and what it costs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.utils import translation

from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.site import turns
from cancilleria.site.admission import MARK, Respond, admission, budget_of
from cancilleria.site.database.connection import CONNECTIONS
from cancilleria.site.supervisor import Supervisor
from cancilleria.site.tests.test_pages import officer_client
from cancilleria.site.turns import OFFICERS, PUBLIC, SIGN_IN, Budget, Full, Gate

SECONDS = 10


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    return RequestFactory().get


class House:
    """Works on every request until it is let go."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        self.respond: Respond = admission(self._work)

    def _work(self, request: HttpRequest) -> HttpResponseBase:
        self.begun.release()
        assert self.go.wait(SECONDS)
        return HttpResponse("hecho")

    @contextmanager
    def crowded(self, requests: list[HttpRequest], working: int) -> Iterator[list[int]]:
        """Every request in a thread of its own, `working` of them being worked on; afterwards, their answers."""
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda r=r: answers.append(self.respond(r).status_code), daemon=True)  # type: ignore[misc]
            for r in requests
        ]
        for thread in threads:
            thread.start()
        for _ in range(working):
            assert self.begun.acquire(timeout=SECONDS)
        yield answers
        self.go.set()
        for thread in threads:
            thread.join(SECONDS)


def officer(client: Client, path: str = "/despacho/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return request


def test_a_crowd_is_shed_while_an_officer_and_a_sign_in_are_worked_on(scene: Stage, plain_names: None) -> None:
    client = officer_client(scene, scene.ana.key)
    client.get("/despacho/")
    house, factory = House(), RequestFactory()
    public = [factory.get("/tramites/") for _ in range(PUBLIC.readers + 20)]
    with house.crowded(public, PUBLIC.turns) as answers:
        theirs = [officer(client), factory.get("/cuentas/entrar/")]
        with house.crowded(theirs, len(theirs)) as served:
            assert house.respond(factory.get("/")).status_code == 503
    assert served == [200, 200]
    assert answers.count(503) >= 20
    assert answers.count(200) >= PUBLIC.turns


def test_health_never_waits(plain_names: None) -> None:
    house, factory = House(), RequestFactory()
    public = [factory.get("/") for _ in range(PUBLIC.readers)]
    with house.crowded(public, PUBLIC.turns), house.crowded([factory.get("/salud")], 1) as answers:
        pass
    assert answers == [200]


def test_whoever_is_shed_reads_what_to_do_in_their_language_and_costs_no_query(
    scene: Stage, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., object]
) -> None:
    monkeypatch.setattr(Gate, "place", _no_place)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    with django_assert_num_queries(0):
        spanish = client.get("/tramites/")
        english = client.get("/tramites/", HTTP_ACCEPT_LANGUAGE="en")
        program = client.get("/api/v1/procedures")
    assert {spanish.status_code, english.status_code, program.status_code} == {503}
    assert "no registramos nada" in spanish.text
    assert "we recorded nothing" in english.text
    assert spanish["Retry-After"] == "10"
    assert program["Retry-After"] == "5"
    assert spanish["Content-Security-Policy"]
    assert program["Content-Type"] == "application/problem+json"
    assert json.loads(program.content)["type"].endswith("#busy")


def test_a_form_that_is_shed_is_not_begun(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "place", _no_place)
    answer = Client(enforce_csrf_checks=True).post("/tramites/apostille/empezar/")
    assert answer.status_code == 503
    assert not answer.cookies


def test_the_mark_is_of_one_session(scene: Stage, ask: Callable[..., HttpRequest]) -> None:
    client = officer_client(scene, scene.ana.key)
    assert MARK in client.get("/despacho/").cookies
    assert MARK not in client.get("/despacho/").cookies
    request = officer(client)
    assert budget_of(request) is OFFICERS
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "b" * 32
    assert budget_of(request) is SIGN_IN
    request.path = "/tramites/"
    assert budget_of(request) is PUBLIC
    assert MARK not in Client().get("/tramites/").cookies


def test_whoever_waits_longer_than_patience_is_told() -> None:
    gate = Gate(Budget(turns=1, readers=2, senders=1, patience=0.01))
    with gate.place(sends=False), gate.turn(sends=False), gate.place(sends=False):
        with pytest.raises(Full), gate.turn(sends=False):
            raise AssertionError("a turn too many")
        with pytest.raises(Full), gate.place(sends=False):
            raise AssertionError("a place too many")
        with gate.place(sends=True):
            pass
    with gate.place(sends=False), gate.turn(sends=False):
        pass


def test_half_a_form_is_no_form(scene: Stage) -> None:
    reached = []
    respond = admission(lambda request: HttpResponse(reached.append(request) or "hecho"))  # type: ignore[func-returns-value]
    whole = b"reason=completo&close=1"
    for sent, status in ((whole[:12], 400), (whole, 200)):
        request = RequestFactory().post("/continuar/", whole, content_type="application/x-www-form-urlencoded")
        request._stream = BytesIO(sent)  # type: ignore[attr-defined]
        assert respond(request).status_code == status
    assert len(reached) == 1
    assert reached[0].POST["reason"] == "completo"


def test_threads_are_more_than_places_and_connections_more_than_turns() -> None:
    assert sum(budget.places for budget in turns.BUDGETS) < turns.THREADS
    assert turns.TURNS + turns.SPARE < CONNECTIONS
    assert PUBLIC.turns < OFFICERS.turns
    found = {"CANCILLERIA_HOST": "h", "CANCILLERIA_PORT": 1, "CANCILLERIA_WEB_WORKERS": 1}
    command = Supervisor(settings.HOME, found, print)._web().command
    assert command[command.index("--blocking-threads") + 1] == str(turns.THREADS)


@pytest.mark.parametrize(("language", "words"), [("es", "Volvemos en un momento"), ("en", "back in a moment")])
def test_without_a_database_everybody_reads_that_it_comes_back(scene: Stage, language: str, words: str) -> None:
    officers = officer_client(scene, scene.ana.key)
    officers.raise_request_exception = False
    for client, path in ((Client(raise_request_exception=False), "/tramites/"), (officers, "/despacho/")):
        with connection.execute_wrapper(_away):
            answer = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 503, path
        assert answer["Retry-After"] == "10"
        assert words in answer.text
    with translation.override("es"), connection.execute_wrapper(_away):
        program = Client(raise_request_exception=False).get("/api/v1/procedures")
    assert (program.status_code, program["Retry-After"]) == (503, "5")


def test_another_error_is_still_a_fault_of_ours(scene: Stage) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    with connection.execute_wrapper(broken):
        assert Client(raise_request_exception=False).get("/tramites/").status_code == 500


def _away(*_: object) -> object:
    raise OperationalError("server closed the connection unexpectedly")


@contextmanager
def _no_place(gate: Gate, *, sends: bool) -> Iterator[None]:
    raise Full
    yield

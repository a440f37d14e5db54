"""Signing in and staying in: codes, sessions, passwords, alarms, and acts before which one proves it again."""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import logging
import re
import struct
import time
import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http.response import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cancilleria.domains.apostille.models import BulkSigning
from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.accounts.actions import close_account, end_by_email, open_account
from cancilleria.services.accounts.adapters import device_mark
from cancilleria.services.accounts.codes import take_code
from cancilleria.services.accounts.models import OpenSession, User
from cancilleria.services.accounts.sessions import ABSOLUTE, IDLE
from cancilleria.site import access
from cancilleria.site.tests.test_pages import words

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "ana@utopia.example", "tres tristes tigres comen"
SECRET = generate_totp_secret()
POWERS = ["desk", "desk.cases", "desk.register", "apostille.issued"]


@pytest.fixture
def ana(scene: Stage) -> User:
    posting = Posting.objects.select_related("post").get(pk=scene.ana.key)
    posting.post.powers = sorted({*posting.post.powers, *POWERS})
    posting.post.save()
    return open_account(officer=posting.officer_id, email=EMAIL, password=PASSWORD, totp_secret=SECRET)


def code_at(counter: int) -> str:
    """RFC 6238, written again."""
    digest = hmac.new(base64.b32decode(SECRET), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def this_half_minute() -> int:
    return int(time.time()) // 30


def forget_codes() -> None:
    """As if half a minute had passed: no test waits for it."""
    for found in Authenticator.objects.all():
        found.data.pop("last_counter", None)
        found.save()


def sign_in(client: Client, password: str = PASSWORD, code: str = "") -> HttpResponse:
    first = client.post("/cuentas/entrar/", {"login": EMAIL, "password": password})
    if first.status_code != 302:
        return first
    return client.post("/cuentas/segundo-factor/", {"code": code or code_at(this_half_minute())})


def signed_in(**headers: str) -> Client:
    client = Client(headers={"accept-language": "es", **headers})
    forget_codes()
    assert sign_in(client).status_code == 302
    return client


def long_ago(client: Client, seconds: int = 400) -> None:
    """The factors were shown so many seconds ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/despacho/").status_code == 200


def test_a_password_alone_opens_nothing(ana: User) -> None:
    client = Client()
    assert client.post("/cuentas/entrar/", {"login": EMAIL, "password": PASSWORD})["Location"].startswith(
        "/cuentas/segundo-factor/"
    )
    assert not is_in(client)


def test_a_code_is_taken_once_and_no_older_one_after_it(ana: User) -> None:
    found, now = Authenticator.objects.get(user=ana), this_half_minute()
    assert not take_code(found, code_at(now - 2))
    assert take_code(found, code_at(now - 1))
    cache.clear()
    assert not take_code(found, code_at(now - 1))
    assert take_code(found, code_at(this_half_minute()))
    assert not take_code(found, code_at(now - 1))
    assert not take_code(found, code_at(this_half_minute() + 1))


def test_signing_in_gives_the_session_a_new_key(ana: User) -> None:
    client = Client()
    client.post("/cuentas/entrar/", {"login": EMAIL, "password": PASSWORD})
    before = client.cookies["sessionid"].value
    client.post("/cuentas/segundo-factor/", {"code": code_at(this_half_minute())})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_a_session_ends_without_use_and_after_a_working_day_whatever_happens(ana: User) -> None:
    for field, limit in (("seen_at", IDLE), ("began_at", ABSOLUTE)):
        client = signed_in()
        key = client.cookies["sessionid"].value
        assert is_in(client)
        OpenSession.objects.filter(session_key=key).update(**{field: timezone.now() - limit - timedelta(seconds=1)})
        assert not is_in(client)
        assert not Session.objects.filter(pk=key).exists()


def test_a_clock_set_back_revives_no_session(ana: User) -> None:
    client = signed_in()
    OpenSession.objects.update(began_at=timezone.now() + timedelta(hours=3))
    assert not is_in(client)


def test_after_signing_out_the_old_cookie_opens_nothing(ana: User) -> None:
    client = signed_in()
    cookie = client.cookies["sessionid"].value
    answer = client.post("/cuentas/salir/")
    assert answer["Clear-Site-Data"] == '"storage"'
    client.cookies["sessionid"] = cookie
    assert not is_in(client)


def test_a_closed_account_loses_every_session_at_once(ana: User) -> None:
    clients = [signed_in(), signed_in()]
    verify_action(lambda: close_account(user=ana), records=["access.sessions_closed"])
    assert [is_in(client) for client in clients] == [False, False]
    forget_codes()
    client = Client()
    sign_in(client)
    assert not is_in(client)


def test_ones_sessions_are_listed_and_the_others_closed(ana: User) -> None:
    other, here = signed_in(user_agent="Otro equipo"), signed_in(user_agent="Navegador de la oficina")
    page = words(here, "/cuentas/sesiones/")
    assert "Otro equipo" in page
    assert "Este equipo" in page
    verify_action(lambda: here.post("/cuentas/sesiones/"), records=["access.sessions_closed"])
    assert (is_in(here), is_in(other)) == (True, False)
    assert "No tiene otra sesión abierta" in words(here, "/cuentas/sesiones/")


def test_closing_the_others_asks_for_the_second_factor_when_it_was_long_ago(ana: User) -> None:
    other, here = signed_in(), signed_in()
    long_ago(here)
    assert here.post("/cuentas/sesiones/")["Location"].startswith("/cuentas/segundo-factor/confirmar/")
    assert is_in(other)


def test_a_changed_password_needs_the_present_one_and_ends_every_other_session(ana: User) -> None:
    other, here = signed_in(), signed_in()
    new = "cuatro caballos pardos"
    wrong = {"oldpassword": "otra cosa distinta", "password1": new, "password2": new}
    assert here.post("/cuentas/clave/", wrong).status_code == 200
    assert is_in(other)
    given = {**wrong, "oldpassword": PASSWORD}
    answer = verify_action(lambda: here.post("/cuentas/clave/", given), records=["access.password_changed"])
    assert answer["Location"] == "/cuentas/sesiones/"
    assert (is_in(here), is_in(other)) == (True, False)
    assert User.objects.get(pk=ana.pk).check_password(new)


@pytest.mark.parametrize("bad", ["corta", "password1234", "1q2w3e4r5t6y", "cancilleria2026", "ana@utopia.example"])
def test_a_password_that_is_short_common_or_of_the_house_is_refused(ana: User, bad: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(bad, ana)


@pytest.mark.parametrize(
    "good", ["ñandúes y 🦙 en la puna", "a" * 6 + " " * 3 + "%$!·&/()", "largo " * 20, "¡¡¡¿¿¿···%%%&&&"]
)
def test_a_password_of_any_letters_and_of_great_length_is_taken_as_it_is(ana: User, good: str) -> None:
    validate_password(good, ana)
    ana.set_password(good)
    assert ana.check_password(good)
    assert not ana.check_password(good.upper() if good.upper() != good else good + " ")
    assert not ana.check_password(good[:-1])


def test_passwords_are_kept_by_a_slow_function_with_a_salt_of_their_own(ana: User) -> None:
    assert ana.password.startswith("scrypt$16384$")
    other = User(email="x@utopia.example", officer="officer:x")
    other.set_password(PASSWORD)
    assert other.password != ana.password


def test_tries_are_refused_for_some_minutes_and_not_for_ever(ana: User) -> None:
    client = Client()
    answers = [sign_in(client, "no es esta clave").content.decode() for _ in range(7)]
    assert "Demasiados" in answers[-1] or "emasiados intentos" in answers[-1]
    assert Entry.objects.filter(verb="access.alarmed").count() == 1
    cache.clear()  # the minutes passed
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_guessing_codes_ends_after_a_few_tries(ana: User) -> None:
    client = Client()
    client.post("/cuentas/entrar/", {"login": EMAIL, "password": PASSWORD})
    answers = [client.post("/cuentas/segundo-factor/", {"code": "000000"}) for _ in range(8)]
    assert all(answer.status_code != 302 or "/despacho/" not in answer["Location"] for answer in answers)
    assert client.post("/cuentas/segundo-factor/", {"code": code_at(this_half_minute())}).status_code != 302


def test_a_new_device_is_an_alarm_of_the_office_and_a_known_one_is_not(ana: User) -> None:
    client = Client()
    verify_action(lambda: sign_in(client), records=["access.alarmed"])
    entry = Entry.objects.get(verb="access.alarmed")
    assert entry.organ == Posting.objects.get(officer=ana.officer).post.organ_id
    client.post("/cuentas/salir/")
    forget_codes()
    assert sign_in(client).status_code == 302
    assert Entry.objects.filter(verb="access.alarmed").count() == 1
    assert "Avisó de un acceso que conviene revisar" in words(client, "/despacho/registro/")
    assert client.cookies["equipo"]["httponly"]


def test_signing_in_and_being_refused_leave_lines_without_what_was_typed(
    ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="cancilleria"):
        sign_in(Client(), "mi secreto\r\nfalso")
        sign_in(Client(), code="000000")
        client = signed_in()
        assert client.get("/despacho/caja/").status_code == 404
    assert [record.getMessage().split(" user=")[0] for record in caplog.records if record.name.endswith("access")] == [
        "password refused", "code refused", "signed in", "refused desk.cash",
    ]  # fmt: skip
    assert "secreto" not in caplog.text
    assert EMAIL not in caplog.text


def test_who_is_unknown_and_who_is_known_are_answered_alike(ana: User) -> None:
    def ask(email: str) -> tuple[int, str]:
        given = {"login": email, "password": "no es esta clave"}
        answer = Client().post("/cuentas/entrar/", given)
        body = answer.content.decode().replace(email, "")
        return answer.status_code, "\n".join(line for line in body.splitlines() if "csrf" not in line)

    assert ask(EMAIL) == ask("nadie@utopia.example")


def test_an_export_asks_for_the_second_factor_and_then_goes_on(scene: Stage, ana: User) -> None:
    post = Posting.objects.get(pk=scene.ana.key).post
    post.powers = [*post.powers, "desk.indicators"]
    post.save()
    client, path = signed_in(), "/despacho/indicadores/apostille.issued/datos.csv"
    assert client.get(path).status_code == 200
    long_ago(client)
    asked = client.get(path)
    assert asked.status_code == 302
    forget_codes()
    answer = client.post(asked["Location"], {"code": code_at(this_half_minute()), "next": path})
    assert answer["Location"] == path
    assert client.get(path).status_code == 200


def test_signing_together_asks_again_and_loses_nothing(scene: Stage, ana: User) -> None:
    client, case, path = signed_in(), scene.submit(), reverse("bulk")
    long_ago(client)
    given = {"case": [f"{case.pk}:{case.revision}"], "do": "sign", "fit": "1", "key": uuid.uuid4().hex}
    asked = client.post(path, given)
    assert asked["Location"].startswith("/cuentas/segundo-factor/confirmar/")
    assert not BulkSigning.objects.exists()
    forget_codes()
    done = client.post(asked["Location"], {"code": code_at(this_half_minute()), "next": path})
    assert done.status_code == 302
    assert BulkSigning.objects.get().items.count() == 1


def test_whoever_runs_the_installation_ends_the_sessions_of_an_account(ana: User) -> None:
    client = signed_in()
    assert end_by_email(email="nadie@utopia.example", close=False) is None
    assert end_by_email(email=EMAIL.upper(), close=False) == 1
    assert not is_in(client)
    client = signed_in()
    assert end_by_email(email=EMAIL, close=True) == 1
    assert not is_in(client)


def test_the_field_of_the_password_is_masked_and_open_to_managers(ana: User) -> None:
    pages = [Client().get("/cuentas/entrar/"), signed_in().get("/cuentas/clave/")]
    fields = [tag for page in pages for tag in re.findall(r"<input[^>]*>", page.content.decode()) if "password" in tag]
    assert len(fields) == 4
    for tag in fields:
        assert 'type="password"' in tag
        assert 'autocomplete="' in tag
        assert "onpaste" not in tag
        assert "maxlength" not in tag


def test_an_old_password_is_as_good_as_a_new_one(ana: User) -> None:
    User.objects.update(last_login=timezone.now() - timedelta(days=4000))
    assert is_in(signed_in())


def test_a_mark_of_a_device_opens_nothing_and_is_of_one_account(ana: User) -> None:
    client = Client()
    client.cookies["equipo"] = device_mark(ana)
    assert not is_in(client)
    client.cookies["sessionid"] = device_mark(ana)
    assert not is_in(client)
    other = User(pk=ana.pk + 1)
    client.cookies["equipo"] = device_mark(other)
    verify_action(lambda: sign_in(client), records=["access.alarmed"])


def asked(**given: str) -> argparse.Namespace:
    told = {"email": "noa@utopia.example", "post": "", "given_names": "Noa", "first_surname": "Inventada"}
    return argparse.Namespace(**{**told, "second_surname": "", **given})


def password_in(told: str) -> str:
    return told.split("horas: ")[1].split("\n")[0]


def test_a_named_officer_enters_with_a_first_password_and_works_once_it_is_their_own(ana: User) -> None:
    post = Posting.objects.get(officer=ana.officer).post
    told = verify_action(lambda: access.open_for(asked(post=post.pk)), records=["officer.posted"])
    first = password_in(told)
    client = Client(headers={"accept-language": "es"})
    assert client.post("/cuentas/entrar/", {"login": "noa@utopia.example", "password": first}).status_code == 302
    assert client.get("/despacho/")["Location"] == reverse("mfa_activate_totp")
    # The page of the first factor comes at once; with a factor, another one asks who is there.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    TOTP.activate(User.objects.get(email="noa@utopia.example"), SECRET)
    assert "confirmar" in client.get(reverse("mfa_add_webauthn"))["Location"]
    assert client.get("/despacho/")["Location"] == reverse("account_change_password")
    own = "cuatro caballos pardos"
    client.post("/cuentas/clave/", {"oldpassword": first, "password1": own, "password2": own})
    assert is_in(client)
    assert User.objects.get(email="noa@utopia.example").first_until is None


def test_a_first_password_ends(scene: Stage) -> None:
    post = Posting.objects.get(pk=scene.ana.key).post
    first = password_in(access.open_for(asked(post=post.pk)))
    User.objects.filter(email="noa@utopia.example").update(first_until=timezone.now() - timedelta(seconds=1))
    given = {"login": "noa@utopia.example", "password": first}
    assert Client().post("/cuentas/entrar/", given).status_code == 200


def test_who_lost_a_factor_gets_another_way_in_and_keeps_nothing_of_the_old_one(ana: User) -> None:
    before = signed_in()
    told = verify_action(lambda: access.change("renew", EMAIL), records=["access.given"])
    assert not is_in(before)
    assert sign_in(Client()).status_code == 200
    assert not Authenticator.objects.filter(user=ana).exists()
    client = Client()
    assert client.post("/cuentas/entrar/", {"login": EMAIL, "password": password_in(told)}).status_code == 302


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "hacen falta"),
        ({"post": "post:none"}, "No existe el puesto"),
        ({"post": "x", "email": "no es correo"}, "no es una dirección"),
        ({"post": "x", "email": EMAIL.upper()}, "Ya hay una cuenta"),
    ],
)
def test_what_cannot_be_opened_says_why(ana: User, given: dict[str, str], reason: str) -> None:
    with pytest.raises(access.CannotOpen, match=reason):
        access.open_for(asked(**given))

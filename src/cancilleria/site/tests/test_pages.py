"""Pages: who may see them, in which language, at what cost."""

from __future__ import annotations

import re
import time
from collections.abc import Set
from datetime import timedelta
from html import unescape

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cancilleria.domains.apostille.actions import issue_apostille
from cancilleria.domains.apostille.queries import number_of, verification_code
from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.queries import number_of as case_number
from cancilleria.kernel.organs.actions import relieve_officer
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.organs.queries import local_today, organ
from cancilleria.services.accounts.actions import note_session, open_account
from cancilleria.services.accounts.models import User

pytestmark = pytest.mark.django_db
PUBLIC = (
    "/", "/tramites/", "/tramites/?q=certificado", "/tramites/apostille/", "/verificar/", "/seguimiento/", "/continuar/",
    "/misiones/", "/registro/", "/accesibilidad/", "/privacidad/", "/cuentas/entrar/", "/no-existe/",
)  # fmt: skip
DESK = ("/despacho/", "/despacho/?todos", "/despacho/registro/", "/despacho/componentes/")


def officer_client(scene: Stage, key: str, language: str = "es", powers: Set[str] = frozenset()) -> Client:
    """A browser signed in as the officer of a posting, second factor included."""
    return signed_in(key, language, powers)


def signed_in(key: str, language: str = "es", powers: Set[str] = frozenset()) -> Client:
    """The same without a stage."""
    posting = Posting.objects.select_related("officer", "post").get(pk=key)
    posting.post.powers = sorted({*posting.post.powers, "desk", "desk.register", *powers})
    posting.post.save()
    user = User.objects.filter(officer=posting.officer_id).first() or open_account(
        officer=posting.officer_id, email=f"{posting.officer.given_names}@utopia.example", password="una-clave-larga",
        totp_secret=generate_totp_secret(),
    )  # fmt: skip
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    note_session(user=user, session_key=str(session.session_key), address="127.0.0.1", device="prueba")
    return client


def words(client: Client, path: str) -> str:
    body = client.get(path).content.decode()
    body = re.sub(r"(?s)<(script|style|template).*?</\1>", " ", body)
    return unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_answer_everybody_with_a_strict_policy(scene: Stage, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == (404 if path == "/no-existe/" else 200)
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert b" style=" not in response.content


@pytest.mark.parametrize("path", [*PUBLIC, *DESK])
def test_no_spanish_is_left_on_an_english_page(scene: Stage, path: str) -> None:
    client = officer_client(scene, scene.ana.key, "en") if path in DESK else Client(headers={"accept-language": "en"})
    text = words(client, path)
    # Words of our own texts that no English page has; names of organs and people are data and stay as they are.
    left = re.findall(
        r"\b(Trámites|Buscar|Verificar|Seguir|Bandeja|Número|Fecha|Vence|Estado|Continuar|usted|Página)\b", text
    )
    assert left == []


@pytest.mark.parametrize("path", DESK)
def test_the_desk_asks_strangers_to_sign_in(scene: Stage, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/cuentas/entrar/")


def test_a_page_beyond_ones_powers_is_not_found(scene: Stage) -> None:
    client = officer_client(scene, scene.people.bruno.key)
    Posting.objects.get(pk=scene.people.bruno.key)
    post = Posting.objects.get(pk=scene.people.bruno.key).post
    post.powers = ["desk"]
    post.save()
    assert client.get("/despacho/").status_code == 200
    assert client.get("/despacho/registro/").status_code == 404


def test_an_officer_without_second_factor_gets_no_further(scene: Stage) -> None:
    client = officer_client(scene, scene.ana.key)
    User.objects.get().authenticator_set.all().delete()  # type: ignore[attr-defined]
    assert client.get("/despacho/").status_code != 200


def test_a_session_dies_with_the_posting(scene: Stage) -> None:
    client = officer_client(scene, scene.ana.key)
    assert client.get("/despacho/").status_code == 200
    posting = Posting.objects.get(pk=scene.ana.key)
    relieve_officer(actor=SYSTEM, posting=posting, last_day=posting.from_date)
    assert client.get("/despacho/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_case_of_another_organ_is_not_found(scene: Stage) -> None:
    case = scene.submit()
    assert officer_client(scene, scene.ana.key).get(f"/despacho/apostilla/{case.pk}/").status_code == 200
    foreign = officer_client(scene, scene.people.bruno.key)
    assert foreign.get(f"/despacho/apostilla/{case.pk}/").status_code == 404
    assert foreign.get(f"/despacho/apostilla/{case.pk}/documento/").status_code == 404
    for path in ("constancia", "seguimiento"):
        assert Client().get(f"/{path}/{case.pk}/").status_code == 404


@pytest.mark.parametrize(("days", "spanish", "english"), [(-1, "vencida", "overdue"), (0, "vence hoy", "due today")])
def test_the_tray_says_by_word_what_is_urgent(scene: Stage, days: int, spanish: str, english: str) -> None:
    case = scene.submit()
    today = local_today(organ(case.organ))
    Case.objects.filter(pk=case.pk).update(due_on=today + timedelta(days=days))
    for language, said in (("es", spanish), ("en", english)):
        page = officer_client(scene, scene.ana.key, language).get("/despacho/").content.decode()
        assert f"· {said}</span>" in page


def test_the_tray_asks_as_many_questions_for_one_case_as_for_many(scene: Stage) -> None:
    client = officer_client(scene, scene.ana.key)
    counts = []
    for _ in range(2):
        for _ in range(4):
            scene.submit()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get("/despacho/").content.decode()
        counts.append(len(asked))
    assert page.count("/despacho/expediente/") == 8
    assert counts[0] == counts[1]


def test_wrong_code_and_unknown_number_get_the_same_answer(scene: Stage) -> None:
    apostille = issue_apostille(actor=scene.ana, case=scene.submit())
    number, code = number_of(apostille.entry), verification_code(apostille.entry_id)
    on = local_today(Posting.objects.get(pk=scene.ana.key).post.organ).isoformat()

    def ask(number: str, code: str) -> tuple[int, str]:
        response = Client().post("/verificar/", {"number": number, "code": code, "on": on})
        body = re.sub(r'value="[^"]*"', "", response.content.decode())
        return response.status_code, body

    assert ask(number, "0000-0000-0000-00") == ask("2026-CLUB-999999", code)
    assert ask(number, code)[0] == 200
    assert code not in Client().post("/verificar/", {"number": number, "code": code, "on": on}).content.decode()


def test_guessing_codes_ends_after_a_few_tries(scene: Stage) -> None:
    number = case_number(scene.submit())
    answers = [
        Client().post("/seguimiento/", {"number": number, "code": f"{n:04d}"}).content.decode() for n in range(14)
    ]
    assert "demasiados intentos" in answers[-1]
    assert "demasiados intentos" not in answers[0]


def test_a_form_from_elsewhere_is_refused_with_the_way_on(scene: Stage) -> None:
    response = Client(enforce_csrf_checks=True).post("/seguimiento/", {"number": "x", "code": "y"})
    assert response.status_code == 403
    assert "La página caducó" in response.content.decode()


def test_the_log_serves_its_files_and_nothing_else(scene: Stage) -> None:
    for path in ("/log/../claves/registro.pem", "/log/%2e%2e/claves/registro.pem", "/log/nada"):
        assert Client().get(path).status_code == 404
    assert Client().get("/salud").json()["estado"] == "bien"

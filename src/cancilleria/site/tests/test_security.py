"""What every answer carries, whatever the page: headers, cookies, caches; and what no answer tells."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client
from django.urls import reverse

from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.cases.queries import number_of
from cancilleria.services.accounts.models import User
from cancilleria.site.tests.test_pages import DESK, PUBLIC, officer_client

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
MACHINE = ("/salud", "/.well-known/security.txt", "/log/nada")
READ_SETTINGS = """
import json
from cancilleria.site import settings as s
print(json.dumps({name: getattr(s, name, None) for name in %r}))
"""
COOKIES = [
    f"{kind}_COOKIE_{what}"
    for kind in ("SESSION", "CSRF", "LANGUAGE")
    for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")
]


@pytest.fixture
def over_https(tmp_path: Path) -> dict[str, object]:
    """The settings of an installation whose address is https."""
    given = {
        **os.environ, "CANCILLERIA_ADDRESS": "https://cancilleria.example", "CANCILLERIA_HOME": str(tmp_path),
        "CANCILLERIA_DEMONSTRATION": "no",
    }  # fmt: skip
    asked = [*COOKIES, "DEBUG", "SECURE_PROXY_SSL_HEADER", "DEMONSTRATION", "LOGGING"]
    done = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS % asked], env=given, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", [*PUBLIC, *DESK, *MACHINE])
def test_every_answer_has_the_headers_of_the_house(scene: Stage, path: str) -> None:
    answer = officer_client(scene, scene.ana.key).get(path) if path in DESK else Client().get(path)
    policy = answer["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "http" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("path", [*PUBLIC, *MACHINE])
def test_every_answer_says_what_it_is(scene: Stage, path: str) -> None:
    kind = Client().get(path)["Content-Type"]
    assert kind == "application/json" or kind.endswith("; charset=utf-8")


def test_over_https_every_answer_says_to_stay_there(scene: Stage) -> None:
    assert Client().get("/", secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in Client().get("/")


def test_over_https_cookies_are_secure_and_of_this_host_only(over_https: dict[str, object]) -> None:
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert str(over_https[f"{kind}_COOKIE_NAME"]).startswith("__Host-")
        assert over_https[f"{kind}_COOKIE_SECURE"] is True
        assert over_https[f"{kind}_COOKIE_HTTPONLY"] is True
        assert over_https[f"{kind}_COOKIE_SAMESITE"] == "Lax"


def test_a_page_of_somebody_is_kept_by_no_cache(scene: Stage) -> None:
    for path in (*DESK, "/cuentas/acceso/", "/cuentas/sesiones/"):
        assert "no-store" in officer_client(scene, scene.ana.key).get(path)["Cache-Control"]
    client = Client()
    assert client.post("/tramites/apostille/empezar/").status_code == 302
    assert "no-store" in client.get("/tramites/apostille/")["Cache-Control"]
    assert "no-store" not in Client().get("/misiones/").get("Cache-Control", "")


def test_only_the_public_log_may_be_read_from_other_sites(scene: Stage) -> None:
    for path in (*PUBLIC, *MACHINE):
        answer = Client(headers={"origin": "https://otro.example"}).get(path)
        assert "Access-Control-Allow-Origin" not in answer
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    "away", ["https://otro.example/", "//otro.example/", "javascript:alert(1)", "https:otro.example"]
)
def test_what_a_form_names_as_next_never_leads_to_another_host(scene: Stage, away: str) -> None:
    answer = Client().post(reverse("set_language"), {"language": "en", "next": away})
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")
    client = officer_client(scene, scene.ana.key)
    for name in ("account_logout", "account_login"):
        found = client.post(reverse(name), {"next": away})
        assert "otro.example" not in found.get("Location", "/")
        assert "javascript" not in found.get("Location", "/")


def test_a_header_sent_by_a_client_changes_neither_address_nor_scheme(scene: Stage) -> None:
    number = number_of(scene.submit())
    told = []
    for n in range(14):
        forged = Client(
            headers={"x-forwarded-for": f"203.0.113.{n}", "x-forwarded-host": "otro.example", "host": "otro.example"}
        )
        told.append(forged.post("/seguimiento/", {"number": number, "code": f"{n:04d}"}).content.decode())
    assert "demasiados intentos" in told[-1]
    assert "otro.example" not in told[-1]
    assert "Strict-Transport-Security" not in Client(headers={"x-forwarded-proto": "https"}).get("/")


def test_a_parameter_sent_twice_or_in_the_address_is_read_from_its_place(scene: Stage) -> None:
    case = scene.submit()
    given = "number=otro&number=" + number_of(case) + "&code=x"
    kind = "application/x-www-form-urlencoded"
    assert Client().post(f"/seguimiento/?{given}", b"", content_type=kind).status_code == 422
    client = officer_client(scene, scene.ana.key)
    client.post(f"/despacho/apostilla/{case.pk}/?do=issue", {})
    case.refresh_from_db()
    assert case.outcome == ""


def test_trace_is_not_answered(scene: Stage) -> None:
    for path in ("/", "/verificar/", "/salud", "/cuentas/entrar/"):
        assert Client().trace(path).status_code == 405


@pytest.mark.parametrize("path", [
    "/.git/config", "/.git/", "/.env", "/estatico/", "/log/", "/claves/", "/pyproject.toml", "/src/", "/admin/", "/estatico/../uv.lock",
    "/log/tile/", "/archivos/",
])  # fmt: skip
def test_nothing_is_listed_and_no_source_is_served(scene: Stage, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_an_error_tells_nothing_of_the_inside(
    scene: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, over_https: dict[str, object]
) -> None:
    def fail() -> None:
        raise RuntimeError("SELECT secreto")

    monkeypatch.setattr("cancilleria.site.views.machine.profile", fail)
    answer = Client(raise_request_exception=False).get("/.well-known/security.txt")
    assert answer.status_code == 500
    assert "secreto" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert "SELECT secreto" in caplog.text
    assert over_https["DEBUG"] is False


def test_the_log_goes_to_one_place(over_https: dict[str, object]) -> None:
    logging = over_https["LOGGING"]
    assert isinstance(logging, dict)
    assert [handler["class"] for handler in logging["handlers"].values()] == ["logging.StreamHandler"]


def test_without_the_demonstration_there_is_no_account(scene: Stage, over_https: dict[str, object]) -> None:
    assert over_https["DEMONSTRATION"] is False
    assert not User.objects.exists()


def test_the_key_of_a_session_is_long_and_of_the_system() -> None:
    keys = {SessionStore()._get_new_session_key() for _ in range(50)}
    assert len(keys) == 50
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)


def test_every_page_of_the_desk_has_its_way_out(scene: Stage) -> None:
    client = officer_client(scene, scene.ana.key)
    for path in (*DESK, "/cuentas/sesiones/"):
        assert f'action="{reverse("account_logout")}"' in client.get(path).content.decode()


def test_a_second_factor_is_not_changed_without_proving_it_again(scene: Stage) -> None:
    client = officer_client(scene, scene.ana.key)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 1.0, "reauthenticated": True}]
    session.save()
    answer = client.get(reverse("mfa_add_webauthn"))
    assert answer.status_code == 302
    assert "confirmar" in answer["Location"]


def test_what_health_tells_is_of_nobody(scene: Stage) -> None:
    assert set(Client().get("/salud").json()) == {"estado", "registro", "asientos_en_espera", "respaldo"}


def test_no_form_with_a_secret_is_sent_in_an_address(scene: Stage) -> None:
    for path in PUBLIC:
        for form in re.findall(r"(?s)<form.*?</form>", Client().get(path).content.decode()):
            if re.search(r'name="(code|password|login|on)"', form):
                assert re.search(r'<form[^>]*method="post"', form), path


def test_what_was_attached_is_sent_as_a_file_and_never_as_a_page(scene: Stage) -> None:
    case = scene.submit()
    held = case.documents.select_related("document").get()
    held.document.title = 'a"; filename=x.html\r\nSet-Cookie: q=1 ../<b>.html'
    held.document.save()
    answer = officer_client(scene, scene.ana.key).get(f"/despacho/expediente/{case.pk}/documento/{held.pk}/")
    told = answer["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9.\-]+"', told), told
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y"])
def test_an_address_with_a_line_break_makes_no_mail_header(scene: Stage, address: str) -> None:
    with pytest.raises((BadHeaderError, ValueError, ValidationError)):
        EmailMessage("Aviso", "Texto", settings.DEFAULT_FROM_EMAIL, [address]).message()
    with pytest.raises((BadHeaderError, ValueError)):
        EmailMessage(f"Aviso {address}", "Texto", settings.DEFAULT_FROM_EMAIL, ["x@y.example"]).message()


def test_where_to_report_a_fault_is_told_as_rfc_9116_says(scene: Stage) -> None:
    text = Client().get("/.well-known/security.txt").content.decode()
    lines = dict(line.split(": ", 1) for line in text.splitlines())
    assert set(lines) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert lines["Contact"].startswith("mailto:")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00\+00:00", lines["Expires"])


def test_the_bill_of_materials_is_made_of_the_lock() -> None:
    made = subprocess.run(
        [str(ROOT / ".tools" / "bin" / "uv"), "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5", "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(made.stdout)
    assert told["bomFormat"] == "CycloneDX"
    names = {part["name"] for part in told["components"]}
    assert {"django", "cryptography", "psycopg"} <= names
    assert "pytest" not in names

"""Servers of others: TLS is demanded, lines reach the collector, and leaked passwords are refused."""

from __future__ import annotations

import hashlib
import logging
import logging.config
import random
import socket
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cancilleria.services.accounts.passwords import stands_in
from cancilleria.site.environment import BadSetting, read
from cancilleria.site.outside import Mail, collector, mail_from, with_tls

NAME = "cancilleria.prueba"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("smtp://localhost", Mail("localhost", 25, "", "", tls=False, starttls=False)),
        ("smtp://ana:cl%40ve@correo.example", Mail("correo.example", 587, "ana", "cl@ve", tls=False, starttls=True)),
        ("smtps://correo.example:2465", Mail("correo.example", 2465, "", "", tls=True, starttls=False)),
    ],
)
def test_mail_of_another_machine_is_never_sent_in_the_clear(text: str, expected: Mail | None) -> None:
    assert mail_from(text) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CANCILLERIA_SMTP", "correo.example:25"), ("CANCILLERIA_SMTP", "http://correo.example"),
        ("CANCILLERIA_SYSLOG", "registros.example"), ("CANCILLERIA_LEAKED_PASSWORDS", "/no/existe.txt"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_meant_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read({name: value})


def test_a_database_on_another_machine_proves_who_it_is_unless_told_otherwise() -> None:
    assert with_tls("127.0.0.1,127.0.0.1", {"target_session_attrs": "any"}) == {"target_session_attrs": "any"}
    assert with_tls("/run/postgresql", {}) == with_tls("", {}) == {}
    assert with_tls("base.example", {"sslmode": "require"}) == {"sslmode": "require"}
    assert with_tls("base.example", {}) == {"sslmode": "verify-full", "sslrootcert": "system"}


def test_lines_reach_a_collector_each_in_a_message_of_its_own() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(5)
        line = {"()": "cancilleria.site.lines.Line", "format": "%(levelname)s %(message)s"}
        told = {
            "version": 1, "disable_existing_loggers": False, "formatters": {"line": line},
            "handlers": collector(listening.getsockname()),
            "loggers": {NAME: {"handlers": ["collector"], "propagate": False}},
        }  # fmt: skip
        logging.config.dictConfig(told)
        logger = logging.getLogger(NAME)
        logger.warning("entró\nnadie")
        assert "WARNING entró\\nnadie".encode() in listening.recv(2000)
        handler = logger.handlers.pop()
        handler.close()
    assert collector("") == {}


def test_a_leaked_password_is_found_wherever_it_stands(tmp_path: Path, settings: LazySettings) -> None:
    draw = random.Random(7)
    words = [f"clave filtrada numero {number}" for number in range(500)]
    digests = sorted(hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in words)
    listed = tmp_path / "filtradas.txt"
    listed.write_text("".join(f"{digest}:{draw.randrange(1, 10**6)}\n" for digest in digests))
    assert all(stands_in(listed, digest) for digest in digests)
    others = [hashlib.sha1(str(n).encode(), usedforsecurity=False).hexdigest().upper() for n in range(500)]
    assert not any(stands_in(listed, other) for other in [*others, "0" * 40, "F" * 40])
    settings.LEAKED_PASSWORDS = listed
    with pytest.raises(ValidationError, match="filtración"):
        validate_password(words[3])
    (tmp_path / "vacia.txt").touch()
    assert not stands_in(tmp_path / "vacia.txt", digests[0])

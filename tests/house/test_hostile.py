"""Hostile text in every field of every form a client can send: no page breaks, and what is shown again is text."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from tests.drills.citizen import forms_of
from tests.hostile import HOSTILE, alive_in_headers, alive_in_log, alive_in_page
from tests.house import answers
from tests.house.matrix import HOLDER, WITH
from tests.house.world import ACTS, World, give, powers

from cancilleria.site.lines import Line

KEPT = {"csrfmiddlewaretoken", "do", "act", "key", "body", "seen"}


def everything() -> frozenset[str]:
    return powers(frozenset(a.audience.power for a in answers.addresses() if a.audience.power))


KINDS = sorted(HOSTILE)


def test_hostile_text_in_every_field_is_only_text(staged: World, caplog: pytest.LogCaptureFixture) -> None:
    """Each field is sent the next of the strings; the drill sends all of them to each."""
    give(staged, everything(), frozenset())
    caplog.handler.setFormatter(Line(settings.LOGGING["formatters"]["line"]["format"]))
    tried = 0
    with caplog.at_level(logging.DEBUG):
        for address in answers.addresses():
            role = HOLDER if address.audience.public else WITH
            path, cookies = address.path(staged), staged.cookies[role]
            page = answers.ask(cookies, "GET", path, {})
            if page.status_code != 200 or not page.get("Content-Type", "").startswith("text/html"):
                continue
            for form in forms_of(page.content.decode()):  # type: ignore[attr-defined]
                body = dict(ACTS[address.name].body(staged)) if address.name in ACTS else {}
                names = form.names - KEPT - set(form.files)
                given = {
                    **form.fields,
                    **body,
                    **{name: HOSTILE[KINDS[(tried + n) % len(KINDS)]] for n, name in enumerate(sorted(names))},
                }
                tried += len(names)
                method = "POST" if form.method == "post" else "GET"
                answer = answers.ask(cookies, method, path, given)
                where = f"{address.name} {sorted(names)}"
                assert answer.status_code < 500, where
                assert alive_in_headers(answer.items()) == [], where
                if answer.get("Content-Type", "").startswith("text/html"):
                    assert alive_in_page(answer.content.decode()) == [], where  # type: ignore[attr-defined]
    assert tried > 150
    assert alive_in_log(caplog.text) == []

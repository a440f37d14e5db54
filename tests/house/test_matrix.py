"""Every address answers everybody as the reviewed table says; none is missing from it, and none is left in it."""

from __future__ import annotations

import os

from tests.house import answers, matrix
from tests.house.matrix import HOLDER, NO_FACTOR, OTHER_HOLDER, POWERLESS, RELIEVED, ROLES, STRANGER, WITH, WITHOUT
from tests.house.world import World

# What nobody may ever be answered.
BROKEN = ("status", "forbidden")
# Sent by a machine without a session: the message is signed, and only what is signed is heard.
SIGNED = {"pay_notice"}
# The interface for programs hears no cookie: a page of another site has nothing to send along.
WITHOUT_SESSION = "api_"


def test_every_address_has_its_rows_and_every_row_its_address() -> None:
    if not os.environ.get(matrix.WRITE):
        assert sorted(matrix.read()) == sorted(answers.expected_keys())


def test_every_address_answers_everybody_as_reviewed(staged: World) -> None:
    found = answers.observe(staged)
    if os.environ.get(matrix.WRITE):
        print(matrix.difference(found) or "the table is as observed")
        if os.environ[matrix.WRITE] == "write":
            matrix.TABLE.write_text(matrix.text_of(found), encoding="utf-8")
        return
    assert matrix.difference(found) == "", "read the difference; if it is right: python -m tests.house.matrix --write"
    assert [key for key, row in found.items() if any(a.startswith(BROKEN) for a in row.values())] == []


def test_every_form_without_its_token_is_refused(staged: World) -> None:
    for address in answers.addresses():
        if address.name not in SIGNED and not address.name.startswith(WITHOUT_SESSION):
            assert answers.forged(staged.cookies[WITH], address.path(staged)) == 403, address.name


def test_head_answers_as_get_does(staged: World) -> None:
    for address in answers.addresses():
        path, cookies = address.path(staged), staged.cookies[WITH]
        told = [answers.classify(answers.ask(cookies, method, path, {})) for method in ("GET", "HEAD")]
        assert told[0] == told[1], address.name


def test_the_table_keeps_the_law_whoever_wrote_it() -> None:
    """What no review may let pass: strangers and the relieved sign in first, no page opens without its power or factor."""
    for key, row in matrix.read().items():
        if row["power"] == "public":
            continue
        if row["power"].startswith("token:"):
            # No session opens what is for programs, whoever's it is.
            assert {row[role] for role in ROLES} == {"no-token"}, key
            continue
        assert {row[role] for role in (STRANGER, HOLDER, OTHER_HOLDER, RELIEVED)} == {"sign-in"}, key
        assert row[NO_FACTOR] == "second-factor", key
        if row["power"] != "officer":
            assert row[POWERLESS] == "not-found", key
        # What every officer may do with what is their own (a way in, a capacity) asks for no power.
        if key[1] == "POST" and row["power"] != "officer":
            assert row[WITHOUT] not in ("ok", "moves"), key

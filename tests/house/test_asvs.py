"""The table of OWASP ASVS is whole, and every test it names exists."""

from __future__ import annotations

from collections import Counter

from tests.house.asvs import CHAPTERS, HELD, NOT_APPLICABLE, NOT_YET, missing_tests, requirements


def test_every_test_that_the_table_names_exists() -> None:
    assert missing_tests(requirements()) == []


def test_no_requirement_of_levels_one_and_two_is_left_out_or_said_twice() -> None:
    found = requirements()
    assert len({row.id for row in found}) == len(found)
    assert Counter(int(row.id[1:].split(".")[0]) for row in found) == CHAPTERS
    assert {row.level for row in found} == {"1", "2"}


def test_what_is_not_held_has_a_reason_in_words() -> None:
    for row in requirements():
        assert row.status in (HELD, NOT_APPLICABLE, NOT_YET), row.id
        assert row.matter, row.id
        assert row.status == HELD or len(row.proof.split()) >= 3, row.id


def test_a_test_that_is_not_there_is_found() -> None:
    row = next(row for row in requirements() if row.status == HELD)
    away = type(row)(row.id, row.level, row.matter, HELD, "tests/house/test_asvs.py::test_nobody_wrote")
    assert missing_tests([away, type(row)(row.id, row.level, row.matter, HELD, "")]) == [
        f"{row.id}: tests/house/test_asvs.py::test_nobody_wrote",
        f"{row.id}: names no test",
    ]

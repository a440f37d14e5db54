"""The law as tables: parties and dates, kinds of document, signatures in their order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancilleria.domains.apostille.rules import (
    EXCLUDED,
    KINDS,
    LEGALISATION_PROBLEMS,
    Membership,
    Part,
    Tenure,
    destination_problem,
    kind_problem,
    legalisation_problem,
    missing_certifiers,
    paper_problem,
    parse_parts,
)

DAY = date(2020, 6, 15)
BEFORE, AFTER = date(2020, 6, 14), date(2020, 6, 16)
NAMES = st.text(alphabet="abcñ é.", min_size=1).map(str.strip).filter(bool)


@pytest.mark.parametrize(("found", "on", "code"), [
    (None, DAY, "not_party"),
    (Membership("XX", None, None, False), DAY, "not_party"),
    (Membership("XX", DAY, DAY, False), BEFORE, "not_yet"),
    (Membership("XX", DAY, DAY, False), DAY, ""),
    (Membership("XX", BEFORE, AFTER, False), DAY, "not_yet"),
    (Membership("XX", BEFORE, None, True), DAY, "objection"),
    (Membership("XX", BEFORE, BEFORE, True), DAY, "objection"),
    # An objection withdrawn: from the day on which the Convention is in force between both, and not before.
    (Membership("XX", BEFORE, DAY, False), BEFORE, "not_yet"),
    (Membership("XX", BEFORE, DAY, False), AFTER, ""),
])  # fmt: skip
def test_the_convention_holds_between_two_states_from_a_day_on(found: Membership | None, on: date, code: str) -> None:
    assert destination_problem(found, state="XX", own="UT", on=on) == code


def test_a_document_that_stays_needs_none() -> None:
    assert destination_problem(Membership("UT", BEFORE, BEFORE, False), state="UT", own="UT", on=DAY) == "own"


def test_the_four_kinds_of_article_one_are_in_and_what_it_excludes_is_out() -> None:
    assert [kind for kind in KINDS if kind_problem(kind)] == []
    assert [kind for kind in EXCLUDED if not kind_problem(kind)] == []
    assert {"court", "administrative", "notarial", "official_certificate"} <= set(KINDS)


@pytest.mark.parametrize("kind", [*KINDS, *EXCLUDED])
@pytest.mark.parametrize("destination", ["", "own", "not_party", "objection", "not_yet"])
def test_a_document_is_apostilled_or_legalised_or_stays_and_never_two_of_them(kind: str, destination: str) -> None:
    apostilled = not destination and kind in KINDS
    code = legalisation_problem(kind, destination)
    assert (code == "apostille") == apostilled
    assert not code or code in LEGALISATION_PROBLEMS
    if kind == "private":
        assert code == "private"
    elif destination == "own":
        assert code == "own"


@pytest.mark.parametrize(("valid_to", "withdrawn", "on", "code"), [
    (None, False, DAY, ""), (DAY, False, DAY, ""), (BEFORE, False, DAY, "out_of_date"), (None, True, DAY, "withdrawn"),
    (None, False, date(2019, 12, 31), "out_of_date"),
])  # fmt: skip
def test_a_specimen_holds_on_its_first_day_and_its_last(
    valid_to: date | None, withdrawn: bool, on: date, code: str
) -> None:
    assert paper_problem(Tenure("specimen:x", "", date(2020, 1, 1), valid_to, withdrawn), on) == code


@given(st.lists(st.builds(Part, NAMES, NAMES, NAMES)))
def test_signatures_are_read_back_in_their_order(parts: list[Part]) -> None:
    text = "\r\n".join(f"{part.name} ; {part.capacity};{part.entity}\n" for part in parts)
    assert parse_parts(text) == parts


@pytest.mark.parametrize("text", ["Rosa", "Rosa; Registradora", "Rosa; ; Registro", "a;b;c;d", "a;b;c\nd;e"])
def test_a_line_without_its_three_data_is_not_guessed(text: str) -> None:
    assert parse_parts(text) is None


@pytest.mark.parametrize(("entities", "missing"), [
    (["Notaría"], ["Colegio de Notarios", "Corte Superior"]),
    (["Notaría", "COLEGIO DE NOTARIOS de Utopía"], ["Corte Superior"]),
    (["Notaría", "Colegio de Notarios", "Corte Superior"], []),
    (["Notaría", "Otra", "Colegio de Notarios", "Corte Superior"], []),
    (["Notaría", "Corte Superior", "Colegio de Notarios"], ["Corte Superior"]),
    # Who signs the document itself has not certified it.
    (["Colegio de Notarios", "Corte Superior"], ["Colegio de Notarios"]),
])  # fmt: skip
def test_earlier_certifications_are_demanded_in_their_order(entities: list[str], missing: list[str]) -> None:
    parts = [Part("Ana", "Cargo", entity) for entity in entities]
    assert missing_certifiers(parts, ["Colegio de Notarios", "Corte Superior"]) == missing

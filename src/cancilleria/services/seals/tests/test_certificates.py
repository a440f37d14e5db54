"""The seal of a certificate: ten fields in 300 bytes, printed, photographed, read and verified."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cancilleria.services.seals import certificates
from cancilleria.services.seals.certificates import CUT, ROOM, SHORTEST, TEXTS, features

ON = date(2026, 11, 23)
FIELDS = {
    "country": "República de Utopía", "signed_by": "ROSA INVENTADA QUISPE", "capacity": "Registradora",
    "seal_of": "Registro Civil Inventado", "at": "Utopía", "by": "Ministerio de Relaciones Exteriores",
    "number": "2026-DGC-000123", "seal": "digital", "signature": "Carla Inventada Flores",
}  # fmt: skip
texts = st.fixed_dictionaries({name: st.text(max_size=200) for name in TEXTS if name != "number"})


def size(found: tuple[tuple[int, bytes], ...]) -> int:
    return sum(2 + len(value) for _, value in found)


def test_fields_that_fit_are_carried_whole() -> None:
    found = dict(features(FIELDS, ON))
    assert len(found) == 10
    assert {name: found[tag].decode() for name, tag in TEXTS.items()} == FIELDS


def test_the_longest_text_is_cut_first_and_says_so() -> None:
    long = FIELDS | {"seal_of": "Registro Civil Inventado de la Provincia Constitucional " * 4, "capacity": "C" * 60}
    found = dict(features(long, ON))
    assert found[TEXTS["seal_of"]].decode().endswith(CUT)
    assert {n: found[t].decode() for n, t in TEXTS.items() if n != "seal_of"} == {
        n: t for n, t in long.items() if n != "seal_of"
    }
    assert ROOM - 4 <= size(features(long, ON)) <= ROOM


def test_what_cannot_be_cut_becomes_a_digest_with_number_and_date() -> None:
    wide = dict.fromkeys(FIELDS, "外" * 60) | {"number": FIELDS["number"]}
    found = dict(features(wide, ON))
    assert sorted(found) == [6, 8, 11]
    assert found[11] == certificates.digest(wide, ON)
    assert certificates.digest(FIELDS, ON) != certificates.digest(FIELDS | {"at": "Otra"}, ON)


@given(texts)
def test_the_rule_always_fits(given: dict[str, str]) -> None:
    whole = given | {"number": FIELDS["number"]}
    found = dict(features(whole, ON))
    assert size(tuple(found.items())) <= ROOM
    assert found[TEXTS["number"]] == FIELDS["number"].encode()
    if 11 not in found:
        for name, tag in TEXTS.items():
            text = found[tag].decode()
            assert text == whole[name] or (whole[name].startswith(text[:-1]) and len(text) > SHORTEST)

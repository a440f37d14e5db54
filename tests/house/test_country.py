"""The code knows no country: what is of one ministry is data of its profile."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from cancilleria.site.composition import PROCEDURES
from cancilleria.site.languages import NAMES

SOURCE = Path(__file__).resolve().parents[2] / "src" / "cancilleria"
PROFILES = sorted(folder for folder in (SOURCE / "profiles").iterdir() if (folder / "profile.toml").exists())
READ = {".py", ".html", ".typ", ".js", ".css", ".txt", ".svg"}
# Words in any case; codes as they are written.
WORDS = re.compile(
    r"\b(per[uú]|peruvian|peruan[oa]s?|lima|limeñ[oa]s?|tupa|reniec|sunat|sunarp|minjus|indecopi|ubigeo|nuevos? sol(?:es)?|soles"
    r"|arequipa|cusco|trujillo|iquitos|tumbes|oficinas? desconcentradas?|desconcentrad[oa]s?|carnés? de extranjería)\b",
    re.IGNORECASE,
)
CODES = re.compile(
    r"\b(DNI|ODE|ODES|PEN|PE|PER|RUC|MRE|MEF|PIDE|TUPA|RENIEC|SUNAT|AQP|DGC)\b|\bS/ ?\d|\+51\b|America/Lima"
)
# The one place that must name a profile: which is loaded when nobody says.
NAMED = {("site/environment.py", "peru")}


def texts() -> Iterator[Path]:
    """Every file of the code, and none of its data or tests."""
    for room in ("kernel", "services", "domains", "site"):
        for path in sorted((SOURCE / room).rglob("*")):
            if path.suffix in READ and not {"tests", "vendor", "locale"} & set(path.parts):
                yield path


def test_no_word_or_code_of_a_country_is_in_the_code() -> None:
    found = [
        (name, word[0])
        for path in texts()
        for pattern in (WORDS, CODES)
        for word in pattern.finditer(path.read_text(encoding="utf-8"))
        if ((name := path.relative_to(SOURCE).as_posix()), word[0]) not in NAMED
    ]
    assert found == []


def tables(found: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every table of a TOML document with its path."""
    if isinstance(found, dict):
        yield path, found
        for name, value in found.items():
            yield from tables(value, f"{path}.{name}")
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from tables(value, f"{path}[{number}]")


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_every_text_of_a_profile_is_in_each_of_its_languages(folder: Path) -> None:
    languages = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))["languages"]
    assert set(languages) <= set(NAMES)
    lacking = [
        f"{path.relative_to(folder)}{where}"
        for path in sorted(folder.rglob("*.toml"))
        for where, table in tables(tomllib.loads(path.read_text(encoding="utf-8")))
        if set(table) & set(NAMES) and not all(table.get(language) for language in languages)
    ]
    assert lacking == []


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_every_situation_of_a_profile_leads_to_a_page_it_has(folder: Path) -> None:
    offered = {p.key for p in PROCEDURES} & {path.stem for path in (folder / "procedures").glob("*.toml")}
    found = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))["situation"]
    assert found
    for row in found:
        assert reverse(row["to"], kwargs={"key": row["key"]} if "key" in row else {})
        assert row.get("key", "apostille") in offered

"""In English nothing is left in Spanish: every page of the matrix's world is read, and compared with the source's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.house import answers, messages
from tests.house.matrix import HOLDER, STRANGER, WITH
from tests.house.world import World, give, powers

SHOWN = {"aria-label", "alt", "placeholder", "title", "summary"}
# Words that sentences of ours are made of; two of them in a line are Spanish.
SPANISH = re.compile(
    r"\b(de|del|la|el|los|las|que|para|con|sin|su|sus|una|por|está|este|esta|hay|más|usted|ningún|ninguna|todavía|cómo|fue)\b",
    re.IGNORECASE,
)
# Names of languages are in their own language; the Convention's name is in French.
OWN = {"Español", "(Convention de La Haye du 5 octobre 1961)"}
# What the world's people and organs are called, and laws by their names: data, in the language they were given in.
DATA = re.compile(
    r"Registro Inventado|Estatuto del club, artículo 1|Ministerio de Utopía|República de Utopía|No se lee\.|No procede\."
)


class Lines(HTMLParser):
    """The texts of a page, each as its element holds it; scripts and what is marked as of another language apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        # A block marked as of another language than its page, and how deep in tags of its name we are.
        self._other, self._depth = "", 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        if not self._other and tag != "html" and dict(attributes).get("lang") == "es":
            self._other = tag
        self._depth += tag == self._other
        if self._other:
            return
        self.found += [value for name, value in attributes if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")
        self._depth -= tag == self._other
        if self._other and not self._depth:
            self._other = ""

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._other and data.strip():
            self.found.append(" ".join(data.split()))


def sources() -> re.Pattern[str]:
    """Every Spanish message that has an English text of its own, whole, whatever stands in its places."""
    patterns = []
    for message in messages.catalogue():
        pairs = (
            zip(message.id, message.string, strict=True)
            if isinstance(message.id, tuple)
            else [(message.id, message.string)]
        )
        for spanish, english in pairs:
            if spanish and spanish != english:
                pieces = re.split(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", " ".join(spanish.split()).replace("%%", "%"))
                if any(re.search(r"\w{3}", piece) for piece in pieces):
                    patterns.append(".+".join(re.escape(piece) for piece in pieces))
    return re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)))


def is_spanish(line: str, spanish: re.Pattern[str]) -> bool:
    """A message of ours in the language of the source, or a line with two words that only Spanish has."""
    if line in OWN:
        return False
    return bool(spanish.fullmatch(line)) or len(set(SPANISH.findall(DATA.sub("", line).lower()))) > 1


def texts_of(world: World, role: str, language: str) -> Iterator[tuple[str, str]]:
    """Address and each text of every page this role gets."""
    for address in answers.addresses():
        response = answers.ask(world.cookies[role], "GET", address.path(world), {}, **{"accept-language": language})
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            lines = Lines()
            lines.feed(response.content.decode())  # type: ignore[attr-defined]
            yield from ((address.name, line) for line in lines.found)


def test_no_page_in_english_has_a_word_in_spanish(staged: World) -> None:
    everything = powers(frozenset(a.audience.power for a in answers.addresses() if a.audience.power))
    give(staged, everything, frozenset())
    spanish, pages, left = sources(), set(), set()
    for role in (STRANGER, HOLDER, WITH):
        for page, line in texts_of(staged, role, "en"):
            pages.add(page)
            if is_spanish(line, spanish):
                left.add((page, line))
    assert len(pages) >= 40
    assert sorted(left) == []
    # And the eye that found nothing sees Spanish where there is.
    assert {page for page, line in texts_of(staged, WITH, "es") if is_spanish(line, spanish)} >= {
        "home",
        "desk",
        "board",
    }

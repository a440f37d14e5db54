"""Names: folding for search, order, and the form in travel documents. Pure."""

from __future__ import annotations

import unicodedata

# Doc 9303 part 3, section 6.A: letters that are not one Latin letter with a mark.
TRANSLITERATION = str.maketrans(
    {"Ñ": "N", "Ü": "UE", "Ö": "OE", "Ä": "AE", "Å": "AA", "Ø": "OE", "Æ": "AE", "Œ": "OE", "ß": "SS", "ẞ": "SS",
     "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L", "İ": "I", "ı": "I", "Ħ": "H", "Ŋ": "N", "Ĳ": "IJ"}
)  # fmt: skip


def fold(name: str) -> str:
    """Lower case without marks or punctuation, one space between words: for finding, never for showing."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())


def travel_form(given_names: str, first_surname: str, second_surname: str = "") -> str:
    """SURNAMES, GIVEN NAMES in the letters A to Z of Doc 9303 part 3; the official name itself is never edited."""
    surnames = _latin(f"{first_surname} {second_surname}")
    given = _latin(given_names)
    return f"{surnames}, {given}" if surnames else given


def sort_key(given_names: str, first_surname: str, second_surname: str = "") -> str:
    """Orders as Spanish does: ñ after n, marks ignored."""
    return "\x1f".join(_spanish(part) for part in (first_surname, second_surname, given_names))


def _latin(name: str) -> str:
    upper = unicodedata.normalize("NFC", name).upper().translate(TRANSLITERATION)
    letters = unicodedata.normalize("NFKD", upper)
    kept = "".join(c if "A" <= c <= "Z" else " " for c in letters if not unicodedata.combining(c) and c not in "'’.")
    return " ".join(kept.split())


def _spanish(part: str) -> str:
    marked = unicodedata.normalize("NFC", part).casefold().replace("ñ", "n\x7f")
    return " ".join("".join(c for c in unicodedata.normalize("NFKD", marked) if not unicodedata.combining(c)).split())

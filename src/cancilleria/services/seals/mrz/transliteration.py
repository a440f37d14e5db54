"""How letters are written in a machine readable zone (Doc 9303-3, section 6, tables A to C).

The official name is never edited to fit: this is how the zone shows it. Where the table offers a choice (Ä, Å, Ñ, Ö, Ü)
the first is taken. Cyrillic is the general column; the variants of single languages are given to `transliterate`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

FILLER = "<"
# Table A: letters whose transliteration is not their base letter.
LATIN: Mapping[str, str] = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Ö": "OE", "Ø": "OE", "Ü": "UE", "Þ": "TH", "ß": "SS", "ẞ": "SS",
    "Đ": "D", "Ħ": "H", "ı": "I", "Ĳ": "IJ", "Ŀ": "L", "Ł": "L", "Ŋ": "N", "Œ": "OE", "Ŧ": "T",
}  # fmt: skip
# Table B, general column.
CYRILLIC: Mapping[str, str] = {
    "Ё": "E", "Ђ": "D", "Є": "IE", "Ѕ": "DZ", "І": "I", "Ї": "I", "Ј": "J", "Љ": "LJ", "Њ": "NJ", "Ќ": "K", "Ў": "U",
    "Џ": "DZ", "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ж": "ZH", "З": "Z", "И": "I", "Й": "I",
    "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F",
    "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA",
    "Ѫ": "U", "Ѵ": "Y", "Ґ": "G", "Ғ": "F", "Ѓ": "G", "Ћ": "C",
}  # fmt: skip
# Table C: Arabic, one way and back, with X before what Latin has no letter for. Vowel signs are not written.
ARABIC: Mapping[str, str] = {
    "ء": "XE", "آ": "XAA", "أ": "XAE", "ؤ": "U", "إ": "I", "ئ": "XI", "ا": "A", "ب": "B", "ة": "XTA", "ت": "T", "ث": "XTH",
    "ج": "J", "ح": "XH", "خ": "XKH", "د": "D", "ذ": "XDH", "ر": "R", "ز": "Z", "س": "S", "ش": "XSH", "ص": "XSS", "ض": "XDZ",
    "ط": "XTT", "ظ": "XZZ", "ع": "E", "غ": "G", "ف": "F", "ق": "Q", "ك": "K", "ل": "L", "م": "M", "ن": "N", "ه": "H",
    "و": "W", "ى": "XAY", "ي": "Y", "ٱ": "XXA", "ٹ": "XXT", "ټ": "XRT", "پ": "P", "ځ": "XKE", "څ": "XXH", "چ": "XC",
    "ڈ": "XXD", "ډ": "XDR", "ڑ": "XXR", "ړ": "XRR", "ږ": "XRX", "ژ": "XJ", "ښ": "XXS", "ک": "XKK", "ګ": "XXK", "ڭ": "XNG",
    "گ": "XGG", "ں": "XNN", "ڼ": "XXN", "ھ": "XDO", "ۀ": "XYH", "ہ": "XXG", "ۂ": "XGE", "ۃ": "XTG", "ی": "XYA", "ۍ": "XXY",
    "ې": "Y", "ے": "XYB", "ۓ": "XBE",
}  # fmt: skip
SHADDA, TA_MARBUTA, AT_THE_END = "ّ", "ة", "XAH"
BETWEEN = " -"
TABLE = {**LATIN, **CYRILLIC, **ARABIC}


class CannotTransliterate(ValueError):
    """A letter of no table. The message names it."""


def transliterate(text: str, variants: Mapping[str, str] | None = None) -> str:
    """The text in A to Z and `<`. Spaces and hyphens are one filler; apostrophes and other marks are left out.

    `variants` replace rows of the table (`{"Х": "H"}`). Raises CannotTransliterate for a letter of another script.
    """
    found: list[str] = []
    letters = "".join(letter if letter in TABLE else letter.upper() for letter in unicodedata.normalize("NFC", text))
    for at, letter in enumerate(letters):
        if letter in BETWEEN:
            found.append(FILLER)
        elif letter == SHADDA:
            found.append(found[-1] if found else "")  # it doubles the letter before it
        elif letter == TA_MARBUTA and letters[at + 1 : at + 2] in ("", *BETWEEN):
            found.append(AT_THE_END)
        else:
            found.append(_letter(letter, variants or {}))
    return FILLER.join(part for part in "".join(found).split(FILLER) if part)


def _letter(letter: str, variants: Mapping[str, str]) -> str:
    for table in (variants, TABLE):
        if letter in table:
            return table[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    if base in TABLE:
        return TABLE[base]
    if base.isascii() and base.isalpha():
        return base
    if base.isalpha() or base.isdigit():
        raise CannotTransliterate(f"la letra {letter!r} no está en las tablas de Doc 9303-3")
    return ""

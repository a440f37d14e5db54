"""Zones composed and parsed, with their check digits (Doc 9303-3, section 4.9: weights 7, 3, 1).

Years have two digits and stay so: which century is meant, the reader decides. A document number of more than nine
characters of TD1 and TD2 goes on in the optional data (parts 5 and 6, note j).
"""

from __future__ import annotations

from dataclasses import dataclass

from cancilleria.services.seals.errors import ParseError
from cancilleria.services.seals.mrz.formats import FORMATS, TD1, TD2, Format, Place
from cancilleria.services.seals.mrz.names import FILLER, Name, read_names, write_names
from cancilleria.services.seals.mrz.transliteration import transliterate

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = 9
SEXES = {"M": "M", "F": "F", "X": FILLER}


@dataclass(frozen=True)
class Zone:
    """What a zone says. Dates are YYMMDD, with `<` where day or month is unknown; `sex` is M, F or X."""

    format: Format
    code: str
    issuer: str
    name: Name
    number: str
    nationality: str
    born: str
    sex: str
    expires: str
    optional: tuple[str, ...] = ()


def check_digit(text: str) -> str:
    """The digit of a field; fillers count zero."""
    values = (0 if character == FILLER else CHARACTERS.index(character) for character in text)
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def compose(zone: Zone) -> str:
    """The zone's lines. Names are transliterated and cut by the rules. Raises ValueError when a field does not fit."""
    shape = zone.format
    lines = [[FILLER] * shape.width for _ in range(shape.lines)]
    names = (transliterate(zone.name.primary), transliterate(zone.name.secondary))
    optional = [*zone.optional, *[""] * len(shape.optional)][: len(shape.optional)]
    number, digit = zone.number, check_digit(zone.number[:NUMBER].ljust(NUMBER, FILLER))
    if len(number) > NUMBER and shape in (TD1, TD2):
        optional[0] = number[NUMBER:] + check_digit(number) + (FILLER + optional[0] if optional[0] else "")
        number, digit = number[:NUMBER], FILLER
    _put(lines, shape.name, write_names(*names, shape.name[2] - shape.name[1]))
    for place, text in (
        (shape.code, zone.code), (shape.issuer, zone.issuer), (shape.number, number), (_after(shape.number), digit),
        (shape.nationality, zone.nationality), (shape.born, zone.born), (_after(shape.born), check_digit(zone.born)),
        (shape.sex, SEXES.get(zone.sex, "?")), (shape.expires, zone.expires),
        (_after(shape.expires), check_digit(zone.expires)), *zip(shape.optional, optional, strict=True),
    ):  # fmt: skip
        _put(lines, place, text)
    if shape.optional_digit:
        _put(lines, _after(shape.optional[0]), check_digit(optional[0]) if optional[0] else FILLER)
    whole = ["".join(line) for line in lines]
    if shape.composite_at:
        line, at, _ = shape.composite_at
        whole[line] = whole[line][:at] + check_digit(_covered(shape, whole)) + whole[line][at + 1 :]
    return "\n".join(whole)


def parse(text: str) -> Zone:
    """Read a zone of any of the five formats. Raises ParseError only: what is wrong, and where."""
    lines = text.strip().splitlines()
    shape = _shape(lines)
    for at, line in enumerate(lines, 1):
        if not set(line) <= set(CHARACTERS + FILLER):
            raise ParseError("solo puede tener A-Z, 0-9 y «<»", f"línea {at}")
    optional = [_get(lines, place).rstrip(FILLER) for place in shape.optional]
    number = _number(shape, lines, optional)
    for place, where in ((shape.born, "fecha de nacimiento"), (shape.expires, "fecha de vencimiento")):
        _check(_get(lines, place), _get(lines, _after(place)), where)
        _date(_get(lines, place), where)
    if shape.optional_digit:
        field, digit = _get(lines, shape.optional[0]), _get(lines, _after(shape.optional[0]))
        # The digit of empty optional data may be a filler (Doc 9303-4, section 4.2.2).
        if digit != FILLER or optional[0]:
            _check(field, digit, "datos opcionales")
    if shape.composite_at:
        _check(_covered(shape, lines), _get(lines, shape.composite_at), "dígito compuesto")
    sex = _get(lines, shape.sex)
    if sex not in "MFX" + FILLER:
        raise ParseError("debe ser M, F o «<»", "sexo")
    code, issuer, nationality = (_get(lines, p).rstrip(FILLER) for p in (shape.code, shape.issuer, shape.nationality))
    if not code or not code[0].isalpha() or not issuer.isalpha() or not nationality.isalpha():
        raise ParseError("el tipo de documento o un país no está bien escrito", "código o Estado")
    name = read_names(_get(lines, shape.name))
    sex = "X" if sex == FILLER else sex
    dates = _get(lines, shape.born), _get(lines, shape.expires)
    return Zone(shape, code, issuer, name, number, nationality, dates[0], sex, dates[1], tuple(optional))


def _shape(lines: list[str]) -> Format:
    sizes = {len(line) for line in lines}
    visa = bool(lines) and lines[0].startswith("V")
    for shape in FORMATS:
        if len(lines) == shape.lines and sizes == {shape.width} and shape.key.startswith("MRV") == visa:
            return shape
    raise ParseError("no son 2 líneas de 44 o 36 caracteres ni 3 de 30", "zona")


def _number(shape: Format, lines: list[str], optional: list[str]) -> str:
    """The document number; a long one of TD1 or TD2 ends in the optional data, which then loses it."""
    field, digit = _get(lines, shape.number), _get(lines, _after(shape.number))
    if digit != FILLER or shape not in (TD1, TD2):
        _check(field, digit, "número de documento")
        return field.rstrip(FILLER)
    rest, _, more = optional[0].partition(FILLER)
    if len(rest) < 2:
        raise ParseError("no tiene dígito de control", "número de documento")
    _check(field + rest[:-1], rest[-1], "número de documento")
    optional[0] = more
    return field + rest[:-1]


def _check(field: str, digit: str, where: str) -> None:
    if digit != check_digit(field):
        raise ParseError(f"el dígito de control es {digit} y debe ser {check_digit(field)}", where)


def _date(field: str, where: str) -> None:
    month, day = field[2:4], field[4:]
    known = all(part == FILLER * 2 or part.isdigit() for part in (field[:2], month, day))
    if not known or (month.isdigit() and not 1 <= int(month) <= 12) or (day.isdigit() and not 1 <= int(day) <= 31):
        raise ParseError("no es una fecha AAMMDD", where)


def _covered(shape: Format, lines: list[str]) -> str:
    return "".join(_get(lines, place) for place in shape.composite)


def _after(place: Place) -> Place:
    return place[0], place[2], place[2] + 1


def _get(lines: list[str], place: Place) -> str:
    return lines[place[0]][place[1] : place[2]]


def _put(lines: list[list[str]], place: Place, text: str) -> None:
    line, start, end = place
    if len(text) > end - start or not set(text) <= set(CHARACTERS + FILLER):
        raise ValueError(f"no cabe o no se puede escribir en la zona: {text!r}")
    lines[line][start : start + len(text)] = text

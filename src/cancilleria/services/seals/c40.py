"""C40, the packing of capital letters, digits and spaces in a seal: three characters in two bytes (Doc 9303-13, section 2.6).

Only the basic set is used: A to Z, 0 to 9 and space. `<` of a machine readable zone is written as a space.
"""

from __future__ import annotations

from cancilleria.services.seals.errors import ParseError

ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST = 3  # values 0 to 2 change the set: here only 0, as filling at the end
FILLING, UNLATCH = 0, 0xFE
VALUES = {character: value for value, character in enumerate(ALPHABET, FIRST)}


def encode(text: str) -> bytes:
    """Bytes of `text`. Raises ValueError when it has a character outside the set."""
    strange = sorted(set(text) - set(ALPHABET))
    if strange:
        raise ValueError(f"C40 no tiene el carácter {strange[0]!r}")
    found = bytearray()
    for start in range(0, len(text), 3):
        part = text[start : start + 3]
        if len(part) == 1:
            found += bytes((UNLATCH, ord(part) + 1))
            continue
        one, two, three = (*(VALUES[character] for character in part), FILLING)[:3]
        found += (1600 * one + 40 * two + three + 1).to_bytes(2, "big")
    return bytes(found)


def decode(data: bytes, where: str = "texto C40") -> str:
    """Text of `data`. Raises ParseError on odd lengths, other sets, and filling that is not at the end."""
    if len(data) % 2:
        raise ParseError("el número de bytes no es par", where)
    found = ""
    for at in range(0, len(data), 2):
        found += _pair(data[at : at + 2], last=at + 2 == len(data), where=where)
    return found


def size(characters: int) -> int:
    """How many bytes that many characters take."""
    return 2 * -(-characters // 3)


def _pair(pair: bytes, *, last: bool, where: str) -> str:
    if pair[0] == UNLATCH:
        if not last or chr(pair[1] - 1 if pair[1] else 0) not in VALUES:
            raise ParseError("hay un carácter suelto que no corresponde", where)
        return chr(pair[1] - 1)
    number = int.from_bytes(pair, "big") - 1
    values = [number // 1600, number // 40 % 40, number % 40]
    if number < 0 or values[0] >= 40:
        raise ParseError("hay un par de bytes fuera de la tabla", where)
    if values[2] == FILLING and last:
        values.pop()
    if min(values) < FIRST:
        raise ParseError("hay un carácter fuera de A-Z, 0-9 y espacio", where)
    return "".join(ALPHABET[value - FIRST] for value in values)

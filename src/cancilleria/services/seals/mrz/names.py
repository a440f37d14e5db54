"""The name in a zone: primary identifier, `<<`, secondary, and how it is cut when it does not fit (Doc 9303-3, section 4.6).

Fillers separate what is written apart. When a name is too long, characters go from the end of components, longest first,
so that something of each is seen for as long as there is room, and the secondary keeps at least one; a zone whose last
position is a letter says that the name may be cut (Doc 9303-4, section 4.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from cancilleria.services.seals.errors import ParseError

FILLER = "<"


@dataclass(frozen=True)
class Name:
    """Identifiers as the zone writes them, with spaces; `cut` when the zone says that they may be incomplete."""

    primary: str
    secondary: str = ""
    cut: bool = False


def write_names(primary: str, secondary: str, width: int) -> str:
    """Both identifiers, already transliterated, in exactly `width` characters."""
    parts = [[part for part in text.split(FILLER) if part] for text in (primary, secondary)]
    if not parts[0]:
        raise ValueError("una zona necesita un identificador primario")
    while len(whole := _joined(parts)) > width:
        _shorten(parts)
    return whole.ljust(width, FILLER)


def read_names(field: str, where: str = "nombre") -> Name:
    """Raises ParseError when there is no primary identifier or fillers stand where none may."""
    if not set(field) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<"):
        raise ParseError("solo puede tener letras y «<»", where)
    primary, _, secondary = field.rstrip(FILLER).partition(FILLER * 2)
    if not primary or primary.startswith(FILLER) or FILLER * 2 in secondary or secondary.startswith(FILLER):
        raise ParseError("los identificadores no están bien separados", where)
    return Name(primary.replace(FILLER, " "), secondary.replace(FILLER, " "), not field.endswith(FILLER))


def _joined(parts: list[list[str]]) -> str:
    return (FILLER * 2).join(FILLER.join(part) for part in parts if part)


def _shorten(parts: list[list[str]]) -> None:
    """Take one character from the longest component, the last of them; past initials, drop the last component."""
    longest = max(len(component) for part in parts for component in part)
    if longest == 1:
        (parts[1] if len(parts[1]) > 1 or len(parts[0]) == 1 else parts[0]).pop()
        return
    for part in reversed(parts):
        for at in range(len(part) - 1, -1, -1):
            if len(part[at]) == longest:
                part[at] = part[at][:-1]
                return

"""The five layouts of a zone: which characters of which line hold what (Doc 9303 parts 4 to 7)."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[int, int, int]  # line, first character, one past the last


@dataclass(frozen=True)
class Format:
    """Places of the fields. `composite` is what the composite digit covers, in its order; visas have none."""

    key: str
    lines: int
    width: int
    code: Place
    issuer: Place
    name: Place
    number: Place
    nationality: Place
    born: Place
    sex: Place
    expires: Place
    optional: tuple[Place, ...]
    optional_digit: bool = False
    composite: tuple[Place, ...] = ()
    composite_at: Place | None = None


def _two_lines(
    key: str, width: int, optional: Place, digit: bool = False, covered: tuple[Place, ...] = (), at: Place | None = None
) -> Format:
    """What the formats of two lines have in common."""
    return Format(
        key, 2, width, (0, 0, 2), (0, 2, 5), (0, 5, width), (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27),
        (optional,), digit, covered, at,
    )  # fmt: skip


TD3 = _two_lines("TD3", 44, (1, 28, 42), True, ((1, 0, 10), (1, 13, 20), (1, 21, 43)), (1, 43, 44))
TD2 = _two_lines("TD2", 36, (1, 28, 35), False, ((1, 0, 10), (1, 13, 20), (1, 21, 35)), (1, 35, 36))
TD1 = Format(
    "TD1", 3, 30, (0, 0, 2), (0, 2, 5), (2, 0, 30), (0, 5, 14), (1, 15, 18), (1, 0, 6), (1, 7, 8), (1, 8, 14),
    ((0, 15, 30), (1, 18, 29)), composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), composite_at=(1, 29, 30),
)  # fmt: skip
MRV_A = _two_lines("MRV-A", 44, (1, 28, 44))
MRV_B = _two_lines("MRV-B", 36, (1, 28, 36))
FORMATS = (TD1, TD2, TD3, MRV_A, MRV_B)
